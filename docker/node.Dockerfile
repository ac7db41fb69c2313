# Parts of the demo, none of them shipped: the receiver of pages, and a stand-in Momentum node with an agent on it.
FROM node:20-bookworm AS manifests
WORKDIR /castellan
COPY package.json package-lock.json .npmrc ./
COPY packages/agent/package.json packages/agent/
COPY packages/momentum/package.json packages/momentum/
COPY packages/server/package.json packages/server/
COPY packages/shared/package.json packages/shared/
COPY packages/web/package.json packages/web/
COPY test/standin/package.json test/standin/

FROM manifests AS build
# What is compiled at installation is needed where it runs, not here.
RUN npm install --ignore-scripts
COPY tsconfig.json tsconfig.base.json ./
COPY packages packages
COPY test/standin test/standin
RUN npm run build

FROM manifests AS dependencies
RUN npm install --omit=dev --workspace @castellan/agent --workspace @castellan/momentum \
  --workspace @castellan/shared --workspace @castellan/standin

FROM node:20-bookworm-slim AS receiver
WORKDIR /castellan
ENV NODE_ENV=production
COPY --from=dependencies /castellan/node_modules node_modules
COPY --from=build /castellan/packages/momentum packages/momentum
COPY --from=build /castellan/packages/shared packages/shared
COPY --from=build /castellan/packages/agent packages/agent
COPY --from=build /castellan/test/standin test/standin
COPY docker/entry docker/entry
# A named volume takes its owner and mode from the folder that it is mounted on first.
RUN install -d -o node -g node -m 0700 /var/lib/castellan-enrolment /var/lib/castellan-paging
USER node
CMD ["docker/entry/receiver.sh"]

FROM receiver AS node
USER root
# The real parts of test/standin/real-parts.json that a node is made of.
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    acl apache2 attr libapache2-mod-svn openssl postfix postgresql subversion \
  && rm -rf /var/lib/apt/lists/* \
  && ln -s /castellan/packages/agent/bin/castellan-agent.js /usr/local/bin/castellan-agent \
  && install -d -m 0755 /srv/standin
# For whoever asks castellan-agent inside the container: the settings that the daemon runs with.
ENV CASTELLAN_CONFIG=/srv/standin/agent/agent.yaml
CMD ["docker/entry/node.sh"]
