namespace Fairlead.Drivers.Builds;

/// <summary>
/// What a build or a gate's command may know of the server's environment: where programs are, and how package managers
/// reach their registries. Everything else stays behind, so that no secret of the server gets into a build.
/// </summary>
internal static class BuildEnv
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH",
        "HOME",
        "USER",
        "LANG",
        "LC_ALL",
        "TZ",
        "TMPDIR",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "JAVA_HOME",
        "GOPROXY",
        "GOSUMDB",
        "GONOSUMDB",
        "GOPRIVATE",
        "GOPATH",
        "GOCACHE",
        "GOMODCACHE",
        "GOROOT",
        "GOTOOLCHAIN",
        "GOFLAGS",
        "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN",
        "PYENV_ROOT",
        "NVM_DIR",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "FAIRLEAD_CHROMIUM",
        "CHROME_PATH",
    };

    private static readonly string[] Prefixes =
    [
        "NUGET_",
        "DOTNET_",
        "npm_config_",
        "YARN_",
        "PNPM_",
        "COREPACK_",
        "PIP_",
        "UV_",
        "CARGO_",
        "MAVEN_",
        "GRADLE_",
        "SSL_CERT_",
    ];

    /// <summary>What is inherited, and what keeps tools from asking questions or leaving servers behind.</summary>
    public static Dictionary<string, string> Read(System.Collections.IDictionary inherited)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry one in inherited)
        {
            var name = (string)one.Key;
            if (
                Names.Contains(name)
                || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            )
            {
                env[name] = (string?)one.Value ?? "";
            }
        }
        env["CI"] = "true";
        env["TERM"] = "dumb";
        env["NO_COLOR"] = "1";
        env["DOTNET_NOLOGO"] = "1";
        env["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        env["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "1";
        // MSBuild nodes and the compiler server outlive a build and would hold its pipes.
        env["MSBUILDDISABLENODEREUSE"] = "1";
        env["UseSharedCompilation"] = "false";
        return env;
    }
}
