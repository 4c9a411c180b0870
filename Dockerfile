# AccessDesk from its lock file. The image holds what runs and nothing it was made with; it runs as a user without
# rights on a file system that may be read-only: what is written goes to /app/data (the embedded store) and, where staff
# teach the bot, to /app/faq.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci
COPY build/ build/
COPY src/ src/
# Read once here, so that a start need not learn it.
COPY faq/ faq/
RUN node build/build.js && node build/runtime-packages.js /runtime

# A sign-in provider to try the whole with (deploy/compose.yaml): anybody is anybody there. Built only when asked for.
FROM build AS provider-build
COPY deploy/provider.js deploy/
RUN npx esbuild deploy/provider.js --bundle --platform=node --target=node20 --format=cjs --outfile=/provider/provider.cjs

FROM node:24-bookworm-slim AS provider
ENV NODE_ENV=production
WORKDIR /provider
COPY --from=provider-build /provider/ ./
USER node
EXPOSE 3000
CMD ["node", "provider.cjs"]

FROM node:24-bookworm-slim AS accessdesk
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="AccessDesk" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3978
WORKDIR /app
COPY --from=build /runtime/ ./
COPY --from=build /build/dist/ dist/
COPY package.json LICENSE ./
COPY appPackage/ appPackage/
COPY deploy/healthy.js deploy/
COPY --chown=node:node faq/ faq/
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 3978
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "deploy/healthy.js"]
# No shell and no npm in between: SIGTERM reaches the server itself.
CMD ["node", "dist/index.js"]
