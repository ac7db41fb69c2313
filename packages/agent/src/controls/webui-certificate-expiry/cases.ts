import { expiryCases } from '../../../testing/cases/expiry.js';
import { defineCases } from '../../units/case.js';

export default defineCases(expiryCases('ecwebui'));
