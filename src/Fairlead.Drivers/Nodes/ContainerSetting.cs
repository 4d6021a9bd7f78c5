using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Fairlead.Drivers.Containers;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>What a replica's container is made of: image, mounts, network, limits, and no right that was not asked for.</summary>
internal sealed class ContainerSetting(InstanceOrder order, ContainerSettings settings, Ground ground)
{
    public const string StateLabel = "fairlead.state";
    public const string InstanceLabel = "fairlead.instance";
    public const string PortLabel = "fairlead.port";

    // 'nobody' of images without users: it owns nothing anywhere.
    private const string NobodyUser = "65532:65532";
    private const string AppFolder = "/app";
    private const string SecretsFolder = "/run/secrets";
    private const string TempOptions = "rw,nosuid,nodev,size=67108864,mode=1777";
    private const string LogBytesMax = "10m";
    private const long BillionthsOfCore = 1_000_000_000;

    public string Name { get; } = $"fairlead-{ground.StateId}-{order.Key}";

    /// <summary>Inside the container.</summary>
    public int Port { get; } = order.Service.Port ?? ContainerSettings.UsualPort;

    /// <summary>Whether the engine keeps on its disk what is printed: never when that may be a secret.</summary>
    public bool IsLogKept { get; } = order.Service.Secrets is not { Count: > 0 };

    private bool IsReady => settings.Image is not null;

    private bool IsOnHost => !IsReady && settings.Base == ContainerSettings.HostBase;

    private string Network => $"fairlead-{ground.StateId}-{order.Key.Site.App}-{order.Key.Site.Environment}";

    /// <param name="published">Port of this machine at which it is reached; null where its own address is.</param>
    /// <exception cref="ProblemException">There is no artifact, or a secret is missing.</exception>
    public CreateContainerParameters Of(int? published)
    {
        var artifact = ground.State.ArtifactFolder(order.Artifact);
        if (!Directory.Exists(artifact))
        {
            throw new ProblemException(NodeProblems.ArtifactMissing(order, artifact));
        }
        var filled = ground.Secrets.Filled(order, SecretsFolder);
        var inside = $"{Port}/tcp";
        var words = Launch.Words(order.Service.Recipe.Run, Port);
        var made = new CreateContainerParameters
        {
            Name = Name,
            Image =
                IsReady ? Ready(artifact).Id
                : IsOnHost ? HostImage.Name
                : settings.Base,
            Env = [.. EnvOf(filled).Select(one => $"{one.Key}={one.Value}")],
            Labels = new Dictionary<string, string>
            {
                [StateLabel] = ground.StateId,
                [InstanceLabel] = order.Key.ToString(),
                [PortLabel] = published?.ToString(CultureInfo.InvariantCulture) ?? "",
            },
            ExposedPorts = new Dictionary<string, EmptyStruct> { [inside] = default },
            StopSignal = "SIGTERM",
            HostConfig = HostOf(artifact, (inside, published)),
            // Others of the site find it by its service's name.
            NetworkingConfig = new()
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings>
                {
                    [Network] = new() { Aliases = [order.Service.Name] },
                },
            },
        };
        // What a ready image is left to say itself stays unsaid: its user, its folder, and how it is started; 'run' is its arguments.
        if (settings.User is not null || !IsReady)
        {
            made.User = settings.User ?? OwnUser;
        }
        if (!IsReady)
        {
            (made.Entrypoint, made.Cmd, made.WorkingDir) = ([.. words], [], AppFolder);
        }
        else if (words.Count > 0)
        {
            made.Cmd = [.. words];
        }
        return made;
    }

    /// <summary>The container's own address; null until it has one.</summary>
    public string? AddressIn(ContainerInspectResponse seen) =>
        seen.NetworkSettings?.Networks?.TryGetValue(Network, out var place) is true
        && place.IPAddress is { Length: > 0 } address
            ? address
            : null;

    /// <summary>Has the image and the network there.</summary>
    /// <exception cref="ProblemException">The image cannot be had.</exception>
    public Task PrepareAsync(CancellationToken stop) => ground.Containers.OneByOneAsync(() => MakeAsync(stop), stop);

    private async Task MakeAsync(CancellationToken stop)
    {
        await EnsureImageAsync(stop);
        await EnsureNetworkAsync(
            new NetworksCreateParameters
            {
                Name = Network,
                Driver = "bridge",
                Labels = new Dictionary<string, string> { [StateLabel] = ground.StateId },
            },
            stop
        );
        if (Bridge.TryRead(ground.State) is { } bridge)
        {
            // Not for containers: it only makes the address theirs to call, whichever network they are in.
            await EnsureNetworkAsync(
                new NetworksCreateParameters
                {
                    Name = $"fairlead-bridge-{bridge.Address}",
                    Driver = "bridge",
                    IPAM = new IPAM { Config = [new IPAMConfig { Subnet = bridge.Subnet, Gateway = bridge.Address }] },
                },
                stop
            );
        }
    }

    /// <summary>Ends and removes the container, and the site's network with the last one.</summary>
    public async Task<bool> RemoveAsync(CancellationToken stop)
    {
        await ground.Containers.FindAsync<object>(
            async docker =>
            {
                await docker.Containers.RemoveContainerAsync(
                    Name,
                    new ContainerRemoveParameters { Force = true, RemoveVolumes = true },
                    stop
                );
                return true;
            },
            stop
        );
        try
        {
            await ground.Containers.FindAsync<object>(
                async docker =>
                {
                    await docker.Networks.DeleteNetworkAsync(Network, stop);
                    return true;
                },
                stop
            );
        }
        catch (ProblemException caught) when (caught.Problem.Code != ContainerProblems.UnreachableCode)
        {
            // Others are in it still.
        }
        return true;
    }

    private async Task EnsureImageAsync(CancellationToken stop)
    {
        var engine = ground.Containers;
        if (IsReady)
        {
            await ReadyImages.EnsureAsync(engine, Ready(ground.State.ArtifactFolder(order.Artifact)), stop);
        }
        else if (IsOnHost)
        {
            await engine.AskAsync(docker => HostImage.EnsureAsync(docker, stop), stop);
        }
        else if (await ReadyImages.FindAsync(engine, settings.Base, stop) is null)
        {
            await ReadyImages.FetchAsync(engine, settings.Base, stop);
        }
    }

    private ReadyImage Ready(string artifact) =>
        ReadyImages.TryRead(artifact) ?? throw new ProblemException(NodeProblems.ArtifactMissing(order, artifact));

    private IReadOnlyDictionary<string, string> EnvOf(InstanceOrder filled) =>
        IsReady
            ? Launch.InReadyImage(filled, Port)
            : Launch.InContainer(filled, Port, IsOnHost ? ground.Environment : null);

    private HostConfig HostOf(string artifact, (string Inside, int? Outside) port) =>
        new()
        {
            NetworkMode = Network,
            PortBindings = PublishedOf(port.Inside, port.Outside),
            Mounts = [.. MountsOf(artifact)],
            Tmpfs = new Dictionary<string, string> { ["/tmp"] = TempOptions },
            ReadonlyRootfs = !settings.IsWritable,
            CapDrop = ["ALL"],
            CapAdd = [.. settings.Capabilities ?? []],
            SecurityOpt = ["no-new-privileges"],
            // Programs that do not expect to be process 1 would not hear SIGTERM, and nobody would bury their dead.
            Init = true,
            NanoCPUs = (long)((order.Service.Limits.Cpu ?? 0) * BillionthsOfCore),
            Memory = order.Service.Limits.Memory ?? 0,
            MemorySwap = order.Service.Limits.Memory ?? 0,
            PidsLimit = order.Service.Limits.Pids,
            LogConfig = IsLogKept
                ? new LogConfig
                {
                    Type = "json-file",
                    Config = new Dictionary<string, string> { ["max-size"] = LogBytesMax, ["max-file"] = "2" },
                }
                : new LogConfig { Type = "none", Config = new Dictionary<string, string>() },
        };

    private static Dictionary<string, IList<PortBinding>> PublishedOf(string inside, int? outside) =>
        outside is { } port
            ? new()
            {
                [inside] = [new() { HostIP = "127.0.0.1", HostPort = port.ToString(CultureInfo.InvariantCulture) }],
            }
            : [];

    private IEnumerable<Mount> MountsOf(string artifact) =>
        [
            .. IsReady ? [] : (Mount[])[Bound(artifact, AppFolder)],
            .. IsOnHost ? HostImage.Shown().Select(path => Bound(path, path)) : [],
            .. ground.Secrets.FilesFor(order) is { } files ? (Mount[])[Bound(files, SecretsFolder)] : [],
            .. (settings.Volumes ?? new Dictionary<string, string>()).Select(one =>
                Bound(VolumeOf(one.Key), one.Value, isReadOnly: false)
            ),
        ];

    private static Mount Bound(string ours, string inside, bool isReadOnly = true) =>
        new()
        {
            Type = "bind",
            Source = ours,
            Target = inside,
            ReadOnly = isReadOnly,
        };

    // Folders of ours, not the engine's volumes: backups find them, and whoever runs inside may write there.
    private string VolumeOf(string name)
    {
        var (app, environment) = (order.Key.Site.App, order.Key.Site.Environment);
        var path = Path.Combine(ground.State.Root, "volumes", app, environment, name);
        if (!Directory.Exists(path))
        {
            InstanceFolder.Make(Path.Combine(ground.State.Root, "volumes"));
            Directory.CreateDirectory(path);
            if (Environment.IsPrivilegedProcess && TryIds(settings.User ?? NobodyUser) is var (user, group))
            {
                _ = Libc.chown(path, user, group);
            }
        }
        return path;
    }

    /// <summary>Null for a user by name, whose number only the image knows.</summary>
    private static (uint User, uint Group)? TryIds(string user) =>
        user.Split(':') is [var one, .. var rest]
        && uint.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (
                id,
                rest is [var second]
                && uint.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var group)
                    ? group
                    : id
            )
            : null;

    // As whoever owns the artifact: root's files are everybody's to read, a user's may not be.
    private static string OwnUser =>
        Environment.IsPrivilegedProcess
            ? NobodyUser
            : string.Create(CultureInfo.InvariantCulture, $"{Libc.geteuid()}:{Libc.getegid()}");

    private async Task EnsureNetworkAsync(NetworksCreateParameters network, CancellationToken stop)
    {
        var known = await ground.Containers.FindAsync(
            docker => docker.Networks.InspectNetworkAsync(network.Name, stop),
            stop
        );
        if (known is not null)
        {
            return;
        }
        await ground.Containers.AskAsync(
            async docker =>
            {
                try
                {
                    await docker.Networks.CreateNetworkAsync(network, stop);
                }
                catch (DockerApiException caught) when (caught.StatusCode == System.Net.HttpStatusCode.Conflict)
                {
                    // Another replica of the site made it at the same moment.
                }
            },
            stop
        );
    }
}
