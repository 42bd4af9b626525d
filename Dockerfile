# syntax=docker/dockerfile:1
# Motivo as a command: docker build -t motivo . && docker run --rm motivo doctor
FROM node:22.17.0-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --ignore-scripts
COPY docs/schema.graphql ../docs/schema.graphql
COPY web ./
RUN npm run build

FROM python:3.11.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/motivo && /opt/motivo/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY schema schema
COPY graph graph
COPY ingest ingest
COPY algorithms algorithms
COPY api api
COPY --from=web /src/api/static api/static
RUN /opt/motivo/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11.13-slim-bookworm
LABEL org.opencontainers.image.title="Motivo" org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin motivo
COPY --from=build /opt/motivo /opt/motivo
ENV PATH=/opt/motivo/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
# The store that MOTIVO_STORE names answers, and nothing that it needs is missing.
HEALTHCHECK --interval=30s --timeout=20s --start-period=30s --retries=3 CMD ["motivo", "doctor", "--json"]
ENTRYPOINT ["motivo"]
CMD ["--help"]
