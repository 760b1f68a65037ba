# syntax=docker/dockerfile:1
# Tillwatch as one image; which rooms run is the command's to say ("serve ingest", "up --no-demo", …).

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node app/pack.ts

# What runs: the locked dependencies without those of development. The image's own Node is the runtime, so the peer dependency is not
# installed a second time.
FROM node:24-bookworm-slim AS runtime
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:24-bookworm-slim
RUN groupadd --gid 10001 tillwatch \
  && useradd --uid 10001 --gid tillwatch --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tillwatch \
  && install -d -o tillwatch -g tillwatch /data \
  # What the broker reads (uid of the Mosquitto image); a new volume takes its owner from here.
  && install -d -o 1883 -g 1883 /rights \
  && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn*
COPY --from=runtime /app /app
COPY --from=build /src/bin /app/bin
COPY --from=build /src/dist /app/dist
RUN ln -s /app/bin/tillwatch.js /usr/local/bin/tillwatch
ENV NODE_ENV=production \
  NODE_OPTIONS=--max-semi-space-size=64 \
  TILLWATCH_DATA_DIR=/data \
  TILLWATCH_HTTP_HOST=0.0.0.0 \
  TILLWATCH_LOG_FORMAT=json
USER tillwatch
WORKDIR /data
VOLUME /data
EXPOSE 8080
# The root file system may be read-only: only /data is written.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tillwatch"]
CMD ["up", "--no-demo"]
