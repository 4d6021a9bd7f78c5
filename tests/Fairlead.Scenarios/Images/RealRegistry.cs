using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Images;

/// <summary>Docker's own registry (2.8) on loopback, with a folder of its own.</summary>
internal sealed class RealRegistry : IAsyncDisposable
{
    private readonly RealPeer peer;
    private bool isGone;

    private RealRegistry(RealPeer peer, int port) => (this.peer, Port) = (peer, port);

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    /// <param name="login">User and password that it asks for; null for none.</param>
    public static async Task<RealRegistry> StartAsync((string User, string Password)? login = null)
    {
        var program = RealPeer.Find("docker-registry", "docker-registry");
        var (folder, port) = (RealPeer.NewFolder(), RealPeer.FreePort());
        var env = new Dictionary<string, string>
        {
            ["REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"] = Path.Combine(folder, "data"),
            ["OTEL_TRACES_EXPORTER"] = "none",
        };
        var file = Path.Combine(folder, "config.yml");
        var auth = "";
        if (login is var (user, password))
        {
            var htpasswd = RealPeer.Find("htpasswd", "apache2-utils");
            await RealPeer.RunAsync(htpasswd, ["-Bbc", Path.Combine(folder, "users"), user, password]);
            auth = $"auth: {{htpasswd: {{realm: test, path: {folder}/users}}}}";
        }
        await File.WriteAllTextAsync(
            file,
            $$"""
            version: 0.1
            storage:
              filesystem: {rootdirectory: {{folder}}/data}
              delete: {enabled: true}
            http: {addr: "127.0.0.1:{{port}}"}
            {{auth}}
            """,
            RealPeer.Stop
        );
        return new(
            await RealPeer.StartAsync((program, ["serve", file]), folder, () => RealPeer.ListensAsync(port), env),
            port
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (!isGone)
        {
            isGone = true;
            await peer.DisposeAsync();
        }
    }
}
