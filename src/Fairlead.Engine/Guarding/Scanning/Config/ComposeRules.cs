using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning.Config;

/// <summary>What a Compose file should not ask for.</summary>
internal static class ComposeRules
{
    private static readonly Rule Privileged = new(
        "compose-privileged",
        Severity.Critical,
        "The container is privileged.",
        "It is root on the host.",
        "Remove privileged: true."
    );
    private static readonly Rule Socket = new(
        "compose-socket",
        Severity.Critical,
        "It mounts Docker's socket.",
        "Who can write to it is root on the host.",
        "Leave it out, or put a filtering proxy before it."
    );
    private static readonly Rule Host = new(
        "compose-host-network",
        Severity.High,
        "It uses the host's network, processes or memory.",
        "It can listen to and speak as everything on the host.",
        "Remove it, and publish the ports that are needed."
    );
    private static readonly Rule Mount = new(
        "compose-host-folder",
        Severity.High,
        "It mounts a folder of the system.",
        "What it writes there is run or read by the host.",
        "Mount a volume, or add :ro."
    );
    private static readonly Rule Capabilities = new(
        "compose-capabilities",
        Severity.High,
        "It asks for dangerous capabilities.",
        "With them a process gets out of its container.",
        "Remove it from cap_add."
    );
    private static readonly Rule Latest = new(
        "compose-latest",
        Severity.Medium,
        "The image has no fixed version.",
        "What runs after a restart may be another thing.",
        "Name a version, better a digest."
    );
    private static readonly Rule Secret = new(
        "compose-secret",
        Severity.High,
        "A secret is written into the file.",
        "Everybody who can read the repository has it.",
        "Write ${NAME}, or use secrets:."
    );
    private static readonly Rule Database = new(
        "compose-open-database",
        Severity.High,
        "A database listens on every address of the host.",
        "Docker's ports go around the host's firewall.",
        "Write: \"127.0.0.1:5432:5432\", or leave the port out."
    );
    private static readonly Rule Seccomp = new(
        "compose-unconfined",
        Severity.High,
        "The filter of system calls is off.",
        "Every flaw of the kernel is in reach.",
        "Remove it from security_opt."
    );
    private static readonly Rule Root = new(
        "compose-root",
        Severity.High,
        "The container is said to run as root.",
        "Who breaks out of the program is root.",
        "Name another user."
    );

    private static readonly string[] DatabasePorts =
    [
        "5432",
        "3306",
        "6379",
        "27017",
        "9200",
        "11211",
        "1433",
        "5984",
        "9042",
        "2379",
        "2375",
    ];
    private static readonly string[] Folders =
    [
        "/",
        "/etc",
        "/root",
        "/home",
        "/var",
        "/usr",
        "/boot",
        "/proc",
        "/sys",
        "/dev",
        "/var/run",
        "/var/lib/docker",
    ];

    public static Seen Look(string path, string text)
    {
        if (YamlTree.Read(text) is not { } documents)
        {
            return new([], $"{path} is no YAML that can be read, so it was not looked at.");
        }
        var notes = new Notes(path);
        foreach (var (_, service) in documents.SelectMany(static one => one["services"]?.Members ?? []))
        {
            Service(service, notes);
        }
        return notes.Seen();
    }

    private static void Service(YamlTree service, Notes notes)
    {
        if (service["privileged"] is { } privileged && privileged.Is("true"))
        {
            notes.Add(Privileged, privileged.Line);
        }
        foreach (var key in (string[])["network_mode", "pid", "ipc"])
        {
            if (service[key] is { } mode && mode.Is("host"))
            {
                notes.Add(Host, mode.Line);
            }
        }
        if (service["user"] is { Word: { } user } said && user.Split(':')[0] is "root" or "0")
        {
            notes.Add(Root, said.Line);
        }
        foreach (var volume in service["volumes"]?.Items ?? [])
        {
            var source = volume["source"]?.Word ?? volume.Word?.Split(':')[0] ?? "";
            var isReadOnly =
                volume["read_only"]?.Is("true") == true
                || volume.Word?.EndsWith(":ro", StringComparison.Ordinal) == true;
            if (source.EndsWith("docker.sock", StringComparison.Ordinal))
            {
                notes.Add(Socket, volume.Line);
            }
            else if (
                !isReadOnly
                && Folders.Contains(source.Length > 1 ? source.TrimEnd('/') : source, StringComparer.Ordinal)
            )
            {
                notes.Add(Mount, volume.Line);
            }
        }
        foreach (var capability in service["cap_add"]?.Items ?? [])
        {
            if (
                capability.Word
                is "ALL"
                    or "SYS_ADMIN"
                    or "SYS_PTRACE"
                    or "SYS_MODULE"
                    or "NET_ADMIN"
                    or "DAC_READ_SEARCH"
            )
            {
                notes.Add(Capabilities, capability.Line);
            }
        }
        Reach(service, notes);
    }

    // What it is made of, and who can reach it.
    private static void Reach(YamlTree service, Notes notes)
    {
        foreach (var option in service["security_opt"]?.Items ?? [])
        {
            if (option.Word?.Replace('=', ':') is "seccomp:unconfined" or "apparmor:unconfined")
            {
                notes.Add(Seccomp, option.Line);
            }
        }
        if (
            service["image"] is { Word: { Length: > 0 } image } written
            && !image.Contains('@', StringComparison.Ordinal)
            && !image.Contains('$', StringComparison.Ordinal)
        )
        {
            var tag = image[(image.LastIndexOf('/') + 1)..].Split(':').ElementAtOrDefault(1);
            if (tag is null or "latest")
            {
                notes.Add(Latest, written.Line, $"The image '{image}' has no fixed version.");
            }
        }
        foreach (var port in service["ports"]?.Items ?? [])
        {
            if (
                port.Word is { } text
                && text.Split('/')[0].Split(':') is [var published, var inside]
                && published.Length > 0
                && DatabasePorts.Contains(inside, StringComparer.Ordinal)
            )
            {
                notes.Add(Database, port.Line);
            }
        }
        foreach (var (name, value, line) in Variables(service["environment"]))
        {
            if (SecretNames.IsSecret(name, value))
            {
                notes.Add(Secret, line, $"The variable {name} has its secret in the file.");
            }
        }
    }

    // A map, or a list of NAME=value.
    private static IEnumerable<(string Name, string Value, int Line)> Variables(YamlTree? environment)
    {
        foreach (var (name, value) in environment?.Members ?? [])
        {
            yield return (name, value.Word ?? "", value.Line);
        }
        foreach (var item in environment?.Items ?? [])
        {
            if (item.Word?.Split('=', 2) is [var name, var value])
            {
                yield return (name, value, item.Line);
            }
        }
    }
}

/// <summary>What Fairlead's own manifest should not say.</summary>
internal static class ManifestRules
{
    private static readonly Rule Secret = new(
        "fairlead-secret",
        Severity.High,
        "A secret is written into the manifest.",
        "Everybody who can read the repository has it.",
        "Take it out of env and give it to the app as a secret."
    );
    private static readonly Rule NoTls = new(
        "fairlead-no-tls",
        Severity.Medium,
        "TLS is off for names that are not of this machine.",
        "Anybody between can read and change what visitors see.",
        "Write: tls: auto"
    );
    private static readonly Rule Origins = new(
        "fairlead-any-origin",
        Severity.Medium,
        "Pages of every origin may ask the service in their visitor's name.",
        "A page somewhere can read what its visitor may read here.",
        "Name the origins."
    );
    private static readonly Rule NoLimits = new(
        "fairlead-no-limits",
        Severity.Low,
        "A service has no memory limit.",
        "One leak takes the machine down.",
        "Add: limits: { memory: 512MB }"
    );

    public static Seen Look(string path, string text)
    {
        if (YamlTree.Read(text) is not [var root])
        {
            return new([], $"{path} is no YAML that can be read, so it was not looked at.");
        }
        var notes = new Notes(path);
        foreach (var (_, service) in root["services"]?.Members ?? [])
        {
            Env(service["env"], notes);
            if (service["limits"]?["memory"] is null && service["kind"]?.Word is "api" or "web" or "worker")
            {
                notes.Add(NoLimits, service.Line);
            }
            var cors = service.At("gateway", "cors", "origins") ?? service.At("gateway", "cors");
            if (cors is not null && (cors.Is("*") || cors.Items.Any(static one => one.Word == "*")))
            {
                notes.Add(Origins, cors.Line);
            }
        }
        foreach (var (_, environment) in root["environments"]?.Members ?? [])
        {
            Env(environment["env"], notes);
            var hosts = environment["hosts"]?.Items ?? [];
            if (
                environment["tls"] is { } tls
                && (tls.Is("off") || tls["mode"]?.Is("off") == true)
                && hosts.Any(static one => one.Word?.EndsWith("localhost", StringComparison.Ordinal) == false)
            )
            {
                notes.Add(NoTls, tls.Line);
            }
        }
        return notes.Seen();
    }

    private static void Env(YamlTree? env, Notes notes)
    {
        foreach (var (name, value) in env?.Members ?? [])
        {
            if (value.Word is { } word && SecretNames.IsSecret(name, word))
            {
                notes.Add(Secret, value.Line, $"The variable {name} has its secret in the manifest.");
            }
        }
    }
}
