import type { NodeSettings } from '../options.js';

/**
 * The main configuration of a single node, in the manual's own shape (Manual 3.x, ecelerity.conf; install.security for
 * TLS_Protocols; modules.securecreds for the credentials). Faults are planted by editing lines of it.
 */
export const GLOBAL_TLS_PROTOCOLS = 'TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n';
export const BULK_BINDING = 'Binding "bulk" {\n  EHLO_Hostname = "bulk.example.com"\n';
export const SECURECREDS = `securecreds {
  Credentials = "/opt/msys/etc/credentials.db"
  Key = "/opt/msys/etc/credentials.key"
}
`;

export function ecelerityConf({ name, address, ports }: NodeSettings): string {
  return `# ecelerity.conf of ${name}
# This node is a stand-in for tests and the demo. It is not a Momentum.

Pidfile = "/var/run/ecelerity.pid"
Spoolbase = "/var/spool/ecelerity"

Relay_Domains = ( example.com )
Relay_Hosts = ( 127.0.0.0/8 )
Prohibited_Hosts = ( "127.0.0.0/8" "0.0.0.0" )

/* Outbound mail is encrypted wherever the other side can. */
TLS = "ifavailable"
${GLOBAL_TLS_PROTOCOLS}TLS_Ciphers = "HIGH:!aNULL:!eNULL:!EXP:!LOW:!RC4:!3DES:!MD5"
TLS_DHParams_File = "/opt/msys/ecelerity/etc/certs/dh2048.pem"

Debug_Flags {
  ERROR = ( ALL )
  CRITICAL = ( ALL )
}

Security {
  User = "ecuser"
  Group = "ecuser"
  Capabilities = "cap_net_bind_service+ep"
}

Control_Listener {
  Listen "/tmp/2025" {
    File_Mode = "0660"
  }
}

ESMTP_Listener {
  SMTP_Extensions = ( "ENHANCEDSTATUSCODES" "STARTTLS" )
  TLS_Certificate = "/opt/msys/ecelerity/etc/certs/server.crt"
  TLS_Key = "/opt/msys/ecelerity/etc/certs/server.key"
  Listen "${address}:${ports.esmtp}" {
  }
}

${BULK_BINDING}}

Binding "partners" {
  EHLO_Hostname = "partners.example.com"
  Domain "partner.example.com" {
    TLS = "required"
    TLS_Verify = "host"
    TLS_CA = "/opt/msys/ecelerity/etc/certs/ca.pem"
  }
}

${SECURECREDS}
include "webui-common.conf"
# The installer's own files come last, so that their values win.
readonly_include "/opt/msys/etc/installer/ecelerity.d"
`;
}

/** Manual, webui-common.conf: a stub that the installer's ecdb.conf overrides, and who may log in. */
export function webuiCommonConf(): string {
  return `Datasource "ecdb" {
  uri = ( "pgsql:dbname=ecelerity;user=ecuser" )
}

auth_ds {
  Scheme "ecauth" {
    Authenticate {
      query = "SELECT password from webconsole.users where username = :user"
      map = [
        user = "%{user}"
      ]
    }
  }
}
`;
}

/** The service password of every stand-in node: not a secret, and easy to find should it appear where it must not. */
export const SERVICE_PASSWORD = 'planted-Ecdb-pa55';

export function ecdbConf({ address, ports }: NodeSettings, password?: string): string {
  const secret = password === undefined ? '' : `password=${password};`;
  return `# Written by the installer.
Datasource "ecdb" {
  uri = ( "pgsql:host=${address};port=${ports.msyspg};dbname=ecelerity;user=ecuser;${secret}" )
}
`;
}
