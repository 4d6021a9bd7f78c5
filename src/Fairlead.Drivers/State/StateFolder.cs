using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Drivers.State;

/// <summary>Where everything of one Fairlead lives. Nothing is written outside it, but sockets whose path would be too long.</summary>
/// <param name="Root">Absolute path of the state directory.</param>
public sealed record StateFolder(string Root)
{
    // sockaddr_un holds 108 bytes with its final zero; a state directory deep in a home can be longer.
    private const int SocketPathBytesMax = 100;

    /// <summary>The journal and its documents.</summary>
    public string Database => Path.Combine(Root, "fairlead.db");

    /// <summary>What a demo's simulated apps are made of. Where it is, no app of this state is real.</summary>
    public string Demo => Path.Combine(Root, "demo");

    /// <inheritdoc cref="Demo"/>
    public bool IsDemo => Directory.Exists(Demo);

    /// <summary>Artifacts, each in a folder named by its digest.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>Folders in which sources are built, one for each app and service.</summary>
    public string Builds => Path.Combine(Root, "builds");

    /// <summary>The edge's last good routing.</summary>
    public string Edge => Path.Combine(Root, "edge");

    /// <summary>The node's orders, process notes and logs, one folder for each replica.</summary>
    public string Instances => Path.Combine(Root, "instances");

    /// <summary>Logs of Fairlead's own roles.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Locks, sockets and process notes of the running platform.</summary>
    public string Run => Path.Combine(Root, "run");

    /// <summary>Lets programs use the HTTP API; readable by the owner alone.</summary>
    public string ApiToken => Path.Combine(Root, "api-token");

    /// <summary>Proves the keys of those who send telemetry; readable by the owner alone.</summary>
    public string IntakeSecret => Path.Combine(Root, "intake-secret");

    /// <summary>A dated copy of what is known of packages' weaknesses.</summary>
    public string Advisories => Path.Combine(Root, "advisories");

    /// <summary>Signs what the journal is and where artifacts come from; readable by the owner alone.</summary>
    public string SigningKey => Path.Combine(Root, "signing-key.pem");

    /// <summary>What was signed of the journal, and exports.</summary>
    public string Audit => Path.Combine(Root, "audit");

    /// <summary>Seals authenticators' seeds, providers' secrets and browsers' cookies; readable by the owner alone.</summary>
    public string IdentityKey => Path.Combine(Root, "identity-key");

    /// <summary>Images, as an OCI layout.</summary>
    public string Images => Path.Combine(Root, "images");

    /// <summary>Folders that callers sent, each by the digest of what was sent.</summary>
    public string Uploads => Path.Combine(Root, "uploads");

    /// <summary>Metrics, logs, errors and traces, each in a folder of its own.</summary>
    public string Telemetry => Path.Combine(Root, "telemetry");

    /// <summary>The Unix socket on which a role (server, edge, node) is asked.</summary>
    public string Socket(string role)
    {
        var path = Path.Combine(Run, role + ".sock");
        return Encoding.UTF8.GetByteCount(path) <= SocketPathBytesMax
            ? path
            : Path.Combine(Path.GetTempPath(), $"fairlead-{Environment.UserName}-{Digest(Root)}", role + ".sock");
    }

    public string ArtifactFolder(string digest) => Path.Combine(Artifacts, digest);

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
