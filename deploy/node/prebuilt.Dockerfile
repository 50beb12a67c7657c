# The image of Dockerfile, with a program that was built outside: deploy/node/countersign, made on the same Debian
# by `swift build --configuration release --static-swift-stdlib --product countersign`.
FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libpq5 libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin countersign
COPY deploy/node/countersign /usr/local/bin/countersign
COPY deploy/node/healthy /usr/local/bin/healthy
USER 10001:10001
EXPOSE 8080 8081
ENTRYPOINT ["countersign"]
CMD ["serve"]
HEALTHCHECK --interval=2s --timeout=5s --retries=5 --start-period=60s CMD ["healthy"]
