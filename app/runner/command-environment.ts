/** What a host's environment may give to the team's commands: how to find programs, caches, devices and the network. */
const names = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "TERM",
  "CI",
  "GITHUB_ACTIONS",
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
  "VIRTUAL_ENV",
  "JAVA_HOME",
  "AGENT_TOOLSDIRECTORY",
  "RUNNER_TOOL_CACHE",
  "RUNNER_OS",
  "RUNNER_ARCH",
  "RUNNER_TEMP",
  // by which the runner finds and ends what a job left running
  "RUNNER_TRACKING_ID",
  "DOCKER_HOST",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
  "REQUESTS_CA_BUNDLE",
  "SYSTEMROOT",
  "COMSPEC",
]);
const prefixes = [
  "LC_",
  "XDG_",
  "CUDA_",
  "NVIDIA_",
  "ROCM_",
  "HIP_",
  "NCCL_",
  "OMP_",
  "MKL_",
  "OPENBLAS_",
  "CONDA_",
  "PYENV_",
  "UV_",
  "PIP_",
];

/**
 * The part of a host's environment that the team's commands get: an allow-list, so that no token, no path of a file that
 * steers the runner and no secret that the config does not name is in it. `more` is added on top.
 */
export function commandEnvironment(
  host: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const given = Object.entries(host).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && isGiven(entry[0]),
  );
  return { ...Object.fromEntries(given), ...more };
}

function isGiven(name: string): boolean {
  const upper = name.toUpperCase();
  // Package indexes carry passwords in their addresses.
  if (/INDEX_URL|TOKEN|PASSWORD|SECRET|PUBLISH|KEYRING/.test(upper)) return false;
  return names.has(upper) || prefixes.some((prefix) => upper.startsWith(prefix));
}
