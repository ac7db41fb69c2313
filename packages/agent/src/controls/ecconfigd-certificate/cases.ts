import { defineCases } from '../../kit/case.js';
import { expiryCases } from '../../kit/case-expiry.js';

export default defineCases(expiryCases('ecconfigd'));
