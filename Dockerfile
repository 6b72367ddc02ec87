# docker build -t broadsheet .
# docker run -p 8000:8000 broadsheet                              the sample articles
# docker run -p 8000:8000 -v ./articles:/content:ro broadsheet    yours
#
# Runs with --read-only: nothing is written but the index, a cache below /tmp, so give it --tmpfs /tmp. To keep the
# index between runs, mount a volume that uid 10001 may write and set BROADSHEET_INDEX to a file on it.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements-build.txt requirements.txt ./
# Build tools go beside pip, requirements under a prefix of their own; only the prefix leaves this stage.
RUN pip install --require-hashes -r requirements-build.txt \
 && pip install --require-hashes --no-build-isolation --use-pep517 --prefix /prefix -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY service service
RUN pip install --no-build-isolation --no-deps --prefix /prefix .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Broadsheet" \
      org.opencontainers.image.description="A folder of articles becomes a JSON API, Atom, RSS and JSON feeds, and pages." \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /prefix /usr/local
COPY content /content
# Reads every sample article, so a fault in one stops the build; and leaves the bytecode of all that was
# imported, Python's own modules among it, which a read-only container could not write at its start.
RUN ["broadsheet", "check", "--content", "/content"]
ENV BROADSHEET_CONTENT=/content \
    BROADSHEET_INDEX=sqlite:////tmp/broadsheet/index.db \
    BROADSHEET_HOST=0.0.0.0 \
    BROADSHEET_PORT=8000 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
    CMD ["python", "-I", "-S", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['BROADSHEET_PORT']), timeout=2); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["broadsheet"]
CMD ["serve"]
