# Any image with python3 (3.11 or newer) and its venv module will do as BASE.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
# /app is what runs and has no pip in it; /tools is left behind here.
RUN python3 -m venv --without-pip /app \
 && python3 -m venv /tools \
 && /tools/bin/pip --python /app/bin/python install --require-hashes -r requirements.txt \
 && /tools/bin/pip install --require-hashes -r requirements-build.txt
COPY . .
RUN /tools/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir /dist . \
 && /tools/bin/pip --python /app/bin/python install --no-index --no-deps /dist/*.whl

FROM ${BASE}
LABEL org.opencontainers.image.title="ivbot" org.opencontainers.image.licenses="MIT"
COPY --from=builder /app /app
RUN mkdir -p /data /run/secrets && chown 10001:10001 /data
ENV PATH=/app/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    IVBOT_DATABASE__PATH=/data/ivbot.db \
    IVBOT_WEB__HOST=0.0.0.0
# An ivbot.toml in /data is used; without one, the one that came with ivbot.
WORKDIR /data
VOLUME /data
EXPOSE 8080
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:' + os.environ.get('IVBOT_WEB__PORT', '8080') + '/healthz', timeout=4)"]
ENTRYPOINT ["ivbot"]
CMD ["run"]
