# The server and its console. No part of the stand-in is in it.
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
RUN npm install --omit=dev --workspace @castellan/server --workspace @castellan/shared

FROM node:20-bookworm-slim
WORKDIR /castellan
ENV NODE_ENV=production
COPY --from=dependencies /castellan/node_modules node_modules
COPY --from=build /castellan/packages/shared packages/shared
COPY --from=build /castellan/packages/server packages/server
COPY --from=build /castellan/packages/web/dist packages/web/dist
COPY docker/entry docker/entry
# A named volume takes its owner and mode from the folder that it is mounted on first.
RUN ln -s /castellan/packages/server/bin/castellan-server.js /usr/local/bin/castellan-server \
  && install -d -o node -g node -m 0700 /var/lib/castellan-server /var/lib/castellan-enrolment /var/lib/castellan-paging
USER node
EXPOSE 8080 8443
CMD ["docker/entry/server.sh"]
