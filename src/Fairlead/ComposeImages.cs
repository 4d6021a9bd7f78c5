using System.Runtime.InteropServices;
using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Containers;
using Fairlead.Drivers.Images;
using Fairlead.Drivers.Registries;
using Fairlead.Drivers.State;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Ports;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>Images of this machine, and the registries that they come from and go to.</summary>
    private static ImagePorts Images(World world, StateFolder state)
    {
        var store = new ImageLayout(state.Images, world);
        var aws = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var repositories = new EcrRepositories(AwsApi.Of(aws, Environment.GetEnvironmentVariable, world));
        return new(
            store,
            new Registry(store, Logins(Environment.GetEnvironmentVariable, world), RegistrySettings(), world)
            {
                BeforePush = repositories.EnsureAsync,
            },
            new LayerFiles(store, Environment.GetEnvironmentVariable("PATH") ?? ""),
            state.ArtifactFolder,
            static path => new FileInfo(path).LinkTarget,
            static path => new FileInfo(path) is { Exists: true, Length: var bytes } ? bytes : 0,
            new(Architecture, "linux")
        )
        {
            Dockerfiles = new DockerfileBuilds(store, world),
            Folders = new FolderPapers(),
        };
    }

    /// <summary>What is nearest comes first: a variable of this server, docker's and podman's logins, then AWS.</summary>
    private static Credentials Logins(Func<string, string?> variable, World world)
    {
        var helper = new LoginProgram(variable("PATH") ?? "", world);
        var home = variable("HOME") is { Length: > 0 } own ? own : "/root";
        var docker = variable("DOCKER_CONFIG") is { Length: > 0 } folder ? folder : Path.Combine(home, ".docker");
        var podman = variable("REGISTRY_AUTH_FILE") is { Length: > 0 } file
            ? file
            : Path.Combine(
                variable("XDG_RUNTIME_DIR") is { Length: > 0 } run ? run : "/run",
                "containers",
                "auth.json"
            );
        var aws = new HttpClient();
        return new([
            new VariableCredentials(variable),
            new DockerConfig(Path.Combine(docker, "config.json"), helper.FindAsync),
            new DockerConfig(podman, helper.FindAsync),
            new EcrCredentials(region =>
                variable("AWS_ACCESS_KEY_ID") is { Length: > 0 } ? AwsJson.Of(aws, variable, region, world) : null
            ),
        ]);
    }

    // registry.lan:5000,10.0.0.7:5000
    private static RegistrySettings RegistrySettings() =>
        new()
        {
            Plain = (Environment.GetEnvironmentVariable("FAIRLEAD_PLAIN_REGISTRIES") ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .ToHashSet(StringComparer.OrdinalIgnoreCase),
        };

    private static string Architecture =>
        RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            System.Runtime.InteropServices.Architecture.X86 => "386",
            var other => other.ToString().ToLowerInvariant(),
        };
}
