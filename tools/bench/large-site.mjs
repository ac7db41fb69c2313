// The configuration of a large site, of about so many bytes, as text and as JSON.

/** Bindings with domains, comments, lists and a listener now and then, as a large site has them. */
export function configuration(bytes, { global = '+ALL:-SSLv2:-SSLv3', domain = '+TLSv1.2' } = {}) {
  const parts = [`# A large site.\nTLS_Protocols = "${global}"\nServer_Name = "mta1.example.com"\n`];
  let length = parts[0].length;
  for (let n = 0; length < bytes; n += 1) {
    const part = `Binding "customer-${n}" {
  # Moved from the old platform.
  Bind_Address = "10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}"
  Max_Outbound_Connections = ${20 + (n % 50)}
  TLS = "${n % 3 === 0 ? 'required' : 'ifavailable'}"
  Relay_Hosts = ( "10.0.0.0/8" "192.0.2.${n & 255}" )
  Domain "example-${n % 97}.com" {
    TLS_Protocols = "${domain}"
    Outbound_Throttle_Messages = "60/3"
  }
}
`;
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

/** The same configuration as JSON of about the same length: a scope is a member of its type, by its name. */
export function configurationAsJson(bytes) {
  const bindings = {};
  let length = 0;
  for (let n = 0; length < bytes; n += 1) {
    const binding = {
      Bind_Address: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
      Max_Outbound_Connections: 20 + (n % 50),
      TLS: n % 3 === 0 ? 'required' : 'ifavailable',
      Relay_Hosts: ['10.0.0.0/8', `192.0.2.${n & 255}`],
      Domain: {
        [`example-${n % 97}.com`]: { TLS_Protocols: '+TLSv1.2', Outbound_Throttle_Messages: '60/3' },
      },
    };
    bindings[`customer-${n}`] = binding;
    length += JSON.stringify({ [`customer-${n}`]: binding }).length - 1;
  }
  return JSON.stringify({ Binding: bindings });
}
