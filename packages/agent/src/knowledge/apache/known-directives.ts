/**
 * Directives of the modules that come with httpd 2.2 and 2.4 (`httpd -L`), of PHP and of Subversion, that can neither
 * make a virtual host nor switch TLS or its keys. Whatever is not here and not understood is unknown.
 */
export const WITHOUT_BEARING: ReadonlySet<string> = new Set(
  `
  acceptfilter acceptmutex acceptpathinfo accessfilename action addalt addaltbyencoding addaltbytype
  addcharset adddefaultcharset adddescription addencoding addhandler addicon addiconbyencoding addiconbytype
  addinputfilter addlanguage addmoduleinfo addoutputfilter addoutputfilterbytype addtype alias aliasmatch
  aliaspreservepath allow allowconnect allowencodedslashes allowmethods allowoverride allowoverridelist
  anonymous asyncrequestworkerfactor authauthoritative authbasicauthoritative authbasicfake
  authbasicprovider authbasicusedigestalgorithm authdbduserpwquery authdbduserrealmquery authdbmgroupfile
  authdbmtype authdbmuserfile authdefaultauthoritative authdigestalgorithm authdigestdomain
  authdigestenablequerystringhack authdigestnccheck authdigestnoncelifetime authdigestprovider authdigestqop
  authdigestshmemsize autherrordocument authformauthoritative authformbody authformdisablenostore
  authformfakebasicauth authformlocation authformloginrequiredlocation authformloginsuccesslocation
  authformlogoutlocation authformmethod authformmimetype authformpassword authformprovider
  authformsitepassphrase authformsize authformusername authgroupfile authldapauthorizeprefix
  authldapbindauthoritative authldapbinddn authldapbindpassword authldapcharsetconfig authldapcompareasuser
  authldapcomparednonserver authldapdereferencealiases authldapgroupattribute authldapgroupattributeisdn
  authldapinitialbindasuser authldapinitialbindpattern authldapmaxsubgroupdepth authldapremoteuserattribute
  authldapremoteuserisdn authldapsearchasuser authldapsubgroupattribute authldapsubgroupclass authldapurl
  authmerging authname authncachecontext authncacheenable authncacheprovidefor authncachesocache
  authncachetimeout authnzfcgicheckauthnprovider authnzfcgidefineprovider authtype authuserfile
  authzdbdlogintoreferer authzdbdquery authzdbdredirectquery authzdbmtype authzdefaultauthoritative
  authzgroupfileauthoritative authzldapauthoritative authzownerauthoritative authzsendforbiddenonfailure
  authzsvnaccessfile authzsvnanonymous authzsvnauthoritative authzsvnnoauthwhenanonymousallowed
  authzsvnreposrelativeaccessfile authzuserauthoritative balancergrowth balancerinherit balancermember
  balancerpersist brotlialteretag brotlicompressionmaxinputblock brotlicompressionquality
  brotlicompressionwindow brotlifilternote browsermatch browsermatchnocase bs2000account bufferedlogs
  buffersize cachedefaultexpire cachedetailheader cachedirlength cachedirlevels cachedisable cacheenable
  cachefile cacheheader cacheignorecachecontrol cacheignoreheaders cacheignorenolastmod
  cacheignorequerystring cacheignoreurlsessionidentifiers cachekeybaseurl cachelastmodifiedfactor cachelock
  cachelockmaxage cachelockpath cachemaxexpire cachemaxfilesize cacheminexpire cacheminfilesize
  cachenegotiateddocs cachequickhandler cachereadsize cachereadtime cacheroot cachesocache
  cachesocachemaxsize cachesocachemaxtime cachesocachemintime cachesocachereadsize cachesocachereadtime
  cachestaleonerror cachestoreexpired cachestorenostore cachestoreprivate casefilter casefilterin
  cgidscripttimeout cgipassauth cgiscripttimeout cgivar charsetdefault charsetoptions charsetsourceenc
  checkbasenamematch checkcaseonly checkspelling chrootdir chrootdirectory contentdigest cookiedomain
  cookieexpires cookiehttponly cookielog cookiename cookiesamesite cookiesecure cookiestyle cookietracking
  coredumpdirectory customlog dav davbasepath davdepthinfinity davgenericlockdb davlockdb davlockdiscovery
  davmintimeout dbdexptime dbdinitsql dbdkeep dbdmax dbdmin dbdparams dbdpersist dbdpreparesql dbdriver
  defaulticon defaultlanguage defaultruntimedir defaulttype deflatealteretag deflatebuffersize
  deflatecompressionlevel deflatefilternote deflateinflatelimitrequestbody deflateinflateratioburst
  deflateinflateratiolimit deflatememlevel deflatewindowsize deny directorycheckhandler directoryindex
  directoryindexredirect directoryslash documentroot dumpioinput dumpiooutput enableexceptionhook enablemmap
  enablesendfile errordocument errorlog errorlogformat expiresactive expiresbytype expiresdefault
  extendedstatus extfilterdefine extfilteroptions fallbackresource fancyindexing fileetag filterchain
  filterdeclare filterprotocol filterprovider filtertrace flushmaxpipelined flushmaxthreshold
  forcelanguagepriority forcetype forensiclog globallog gracefulshutdowntimeout group h2copyfiles h2direct
  h2earlyhint h2earlyhints h2maxdataframelen h2maxheaderblocklen h2maxsessionstreams h2maxstreamerrors
  h2maxworkeridleseconds h2maxworkers h2minworkers h2moderntlsonly h2outputbuffering h2padding
  h2proxyrequests h2push h2pushdiarysize h2pushpriority h2pushresource h2serializeheaders
  h2sessionextrafiles h2streammaxmemsize h2streamtimeout h2tlscooldownsecs h2tlswarmupsize h2upgrade
  h2websockets h2windowsize header headername heartbeataddress heartbeatlisten heartbeatmaxservers
  heartbeatstorage hostnamelookups httpprotocoloptions identitycheck identitychecktimeout imapbase
  imapdefault imapmenu indexheadinsert indexignore indexignorereset indexoptions indexorderdefault
  indexstylesheet inputsed interpretersource keepalive keepalivetimeout keptbodysize languagepriority
  ldapcacheentries ldapcachettl ldapconnectionpoolttl ldapconnectiontimeout ldaplibrarydebug
  ldapopcacheentries ldapopcachettl ldapreferralhoplimit ldapreferrals ldapretries ldapretrydelay
  ldapsharedcachefile ldapsharedcachesize ldaptimeout ldaptrustedclientcert ldaptrustedglobalcert
  ldaptrustedmode ldapverifyservercert limitinternalrecursion limitrequestbody limitrequestfields
  limitrequestfieldsize limitrequestline limitxmlrequestbody listenbacklog listencoresbucketsratio
  listentcpdeferaccept lockfile logformat logiotrackttfb loglevel logmessage luaauthzprovider luacodecache
  luahookaccesschecker luahookauthchecker luahookcheckuserid luahookfixups luahookinsertfilter luahooklog
  luahookmaptostorage luahookpretranslatename luahooktranslatename luahooktypechecker luainherit
  luainputfilter luamaphandler luaoutputfilter luapackagecpath luapackagepath luaquickhandler luaroot
  luascope macroignorebadnesting macroignoreemptyargs maxclients maxconnectionsperchild maxkeepaliverequests
  maxmemfree maxrangeoverlaps maxrangereversals maxranges maxrequestsperchild maxrequestworkers
  maxspareservers maxsparethreads mdactivationdelay mdcacertificatefile mdcachallenges
  mdcertificateagreement mdcertificateauthority mdcertificatecheck mdcertificateprotocol mdcertificatestatus
  mdchallengedns01 mdchallengedns01version mdcheckinterval mdcontactemail mddrivemode
  mdexternalaccountbinding mdhttpproxy mdhttpproxycacertificatefile mdinitialdelay mdmatchnames mdmessagecmd
  mdmuststaple mdnotifycmd mdportmap mdprivatekeys mdprofile mdprofilemandatory mdrenewmode mdrenewviaari
  mdrenewwindow mdrequirehttps mdretrydelay mdretryfailover mdserverstatus mdstapleothers mdstapling
  mdstaplingkeepresponse mdstaplingrenewwindow mdstoredir mdstorelocks mdwarnwindow memcacheconnttl
  mergeslashes mergetrailers metadir metafiles metasuffix mimemagicfile minspareservers minsparethreads
  mmapfile modemstandard modmimeusepathinfo multiviewsmatch mutex namevirtualhost noproxy options order
  outputsed passenv php_admin_flag php_admin_value php_flag php_value phpinidir pidfile protocolecho
  protocols protocolshonororder proxy100continue proxyaddheaders proxybadheader proxyblock proxydomain
  proxyerroroverride proxyexpressdbmfile proxyexpressdbmtype proxyexpressenable proxyfcgibackendtype
  proxyfcgisetenvif proxyftpdircharset proxyftpescapewildcards proxyftplistonwildcard proxyhcexpr
  proxyhctemplate proxyhctpsize proxyhtmlbufsize proxyhtmlcharsetout proxyhtmldoctype proxyhtmlenable
  proxyhtmlevents proxyhtmlextended proxyhtmlfixups proxyhtmlinterp proxyhtmllinks proxyhtmlmeta
  proxyhtmlstripcomments proxyhtmlurlmap proxyiobuffersize proxymaxforwards proxypass proxypassinherit
  proxypassinterpolateenv proxypassmatch proxypassreverse proxypassreversecookiedomain
  proxypassreversecookiepath proxypreservehost proxyreceivebuffersize proxyremote proxyremotematch
  proxyrequests proxyscgiinternalredirect proxyscgisendfile proxyset proxysourceaddress proxystatus
  proxytimeout proxyvia proxywebsocketfallbacktoproxyhttp qualifyredirecturl readbuffersize readmename
  receivebuffersize redirect redirectmatch redirectpermanent redirectrelative redirecttemp redisconnpoolttl
  redistimeout reflectorheader regexdefaultoptions registerhttpmethod remoteipheader remoteipinternalproxy
  remoteipinternalproxylist remoteipproxiesheader remoteipproxyprotocol remoteipproxyprotocolexceptions
  remoteiptrustedproxy remoteiptrustedproxylist removecharset removeencoding removehandler removeinputfilter
  removelanguage removeoutputfilter removetype requestheader requestreadtimeout require rewritebase
  rewritecond rewriteengine rewritelock rewritelog rewriteloglevel rewritemap rewriteoptions rewriterule
  rlimitcpu rlimitmem rlimitnproc satisfy scoreboardfile script scriptalias scriptaliasmatch scriptlock
  scriptlog scriptlogbuffer scriptloglength scriptsock seerequesttail sendbuffersize serveradmin serveralias
  serverlimit serverpath serversignature servertokens session sessioncookiename sessioncookiename2
  sessioncookieremove sessioncryptocipher sessioncryptodriver sessioncryptopassphrase
  sessioncryptopassphrasefile sessiondbdcookiename sessiondbdcookiename2 sessiondbdcookieremove
  sessiondbddeletelabel sessiondbdinsertlabel sessiondbdperuser sessiondbdselectlabel sessiondbdupdatelabel
  sessionenv sessionexclude sessionexpiryupdateinterval sessionheader sessioninclude sessionmaxage setenv
  setenvif setenvifexpr setenvifnocase sethandler setinputfilter setoutputfilter ssiendtag ssierrormsg
  ssietag ssilastmodified ssilegacyexprparser ssistarttag ssitimeformat ssiundefinedecho
  sslcacertificatefile sslcacertificatepath sslcadnrequestfile sslcadnrequestpath sslcarevocationcheck
  sslcarevocationfile sslcarevocationpath sslciphersuite sslcompression sslcryptodevice sslfips
  sslhonorcipherorder sslinsecurerenegotiation ssllog sslloglevel sslmutex sslocspdefaultresponder
  sslocspenable sslocspnoverify sslocspoverrideresponder sslocspproxyurl sslocsprespondercertificatefile
  sslocsprespondertimeout sslocspresponsemaxage sslocspresponsetimeskew sslocspuserequestnonce ssloptions
  sslprotocol sslproxycacertificatefile sslproxycacertificatepath sslproxycarevocationcheck
  sslproxycarevocationfile sslproxycarevocationpath sslproxycheckpeercn sslproxycheckpeerexpire
  sslproxycheckpeername sslproxyciphersuite sslproxyengine sslproxymachinecertificatechainfile
  sslproxymachinecertificatefile sslproxymachinecertificatepath sslproxyprotocol sslproxyverify
  sslproxyverifydepth sslrandomseed sslrenegbuffersize sslrequire sslrequiressl sslsessioncache
  sslsessioncachetimeout sslsessionticketkeyfile sslsessiontickets sslsrpunknownuserseed sslsrpverifierfile
  sslstaplingcache sslstaplingerrorcachetimeout sslstaplingfaketrylater sslstaplingforceurl
  sslstaplingrespondertimeout sslstaplingresponsemaxage sslstaplingresponsetimeskew
  sslstaplingreturnrespondererrors sslstaplingstandardcachetimeout sslstrictsnivhostcheck sslusername
  sslusestapling sslverifyclient sslverifydepth sslvhostsnipolicy startservers stricthostcheck substitute
  substituteinheritbefore substitutemaxlinelength suexec suexecusergroup svnactivitiesdb
  svnadvertisev2protocol svnallowbulkupdates svnautoversioning svnblockread svncachefulltexts
  svncachenodeprops svncacherevprops svncachetextdeltas svncompressionlevel svnhookscontents svnhooksenv
  svnindexxslt svninmemorycachesize svnlistparentpath svnmasteruri svnmasterversion svnparentpath svnpath
  svnpathauthz svnreposname svnspecialuri svnuseutf8 svnusev2protocol threadlimit threadsperchild
  threadstacksize timeout traceenable transferlog typesconfig unsetenv usecanonicalname
  usecanonicalphysicalport user userdir virtualdocumentroot virtualdocumentrootip virtualscriptalias
  virtualscriptaliasip watchdoginterval win32disableacceptex xbithack xml2encalias xml2encdefault
  xml2startparse
`
    .trim()
    .split(/\s+/),
);

/** Sections of settings for requests: Apache takes no directive of a server, and so none of TLS, inside of them. */
export const REQUEST_SECTIONS: ReadonlySet<string> = new Set(
  `directory directorymatch location locationmatch files filesmatch limit limitexcept proxy proxymatch if elseif else
  requireall requireany requirenone authnprovideralias authzprovideralias luahookaccesschecker luahookauthchecker
  luahookcheckuserid luahookfixups luahookmaptostorage luahookpretranslatename luahooktranslatename luahooktypechecker
  luaquickhandler`.split(/\s+/),
);

/** What decides over virtual hosts, their names, their listeners, and TLS. */
export const HOST_DIRECTIVES: ReadonlySet<string> = new Set(
  `listen servername sslengine sslcertificatefile sslcertificatekeyfile sslcertificatechainfile sslpassphrasedialog
  protocol`.split(/\s+/),
);

/** What steers the reading itself. */
export const FLOW_DIRECTIVES: ReadonlySet<string> = new Set(
  'define undefine include includeoptional serverroot loadmodule use undefmacro'.split(' '),
);

/** Sections that steer the reading. */
export const CONDITIONS: ReadonlySet<string> = new Set(
  'ifdefine ifmodule iffile ifversion ifdirective ifsection'.split(' '),
);

export type Bearing = 'understood' | 'without bearing' | 'unknown';

/** How a directive, or a section when it begins with `<`, is answered. Names are lower-case. */
export function bearingOf(name: string): Bearing {
  if (name.startsWith('<')) {
    const section = name.slice(1);
    if (section === 'virtualhost' || section === 'macro' || CONDITIONS.has(section)) return 'understood';
    return REQUEST_SECTIONS.has(section) ? 'without bearing' : 'unknown';
  }
  if (HOST_DIRECTIVES.has(name) || FLOW_DIRECTIVES.has(name)) return 'understood';
  return WITHOUT_BEARING.has(name) ? 'without bearing' : 'unknown';
}
