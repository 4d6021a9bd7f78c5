using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Demo;

/// <summary>
/// Builds nothing: an artifact is the digest of the one file that says how it answers, kept so that a server that begins anew knows it too.
/// </summary>
/// <param name="folder">Where that is kept.</param>
public sealed class DemoBuilds(string folder, World world) : IBuilder, ICommands
{
    /// <summary>In a service's folder; says how what is built of it answers.</summary>
    public const string MannerFile = "manner";

    private static readonly TimeSpan Takes = TimeSpan.FromSeconds(4);
    private readonly Dictionary<string, DateTimeOffset> begun = new(StringComparer.Ordinal);

    public DemoManner MannerOf(string artifact)
    {
        var file = Path.Combine(folder, artifact);
        return File.Exists(file) ? DemoManner.Read(File.ReadAllText(file)) : DemoManner.Well;
    }

    public async Task<string> DigestAsync(BuildOrder order, CancellationToken stop)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(order.Source, order.Service.Name, MannerFile), stop);
        var digest = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{order.App} {order.Service.Name} {text}"))
        );
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, digest), text, stop);
        return digest;
    }

    public Task StartAsync(BuildOrder order, string artifact, CancellationToken stop)
    {
        lock (begun)
        {
            begun.TryAdd(artifact, world.Now);
        }
        return Task.CompletedTask;
    }

    public Task<BuildView> ObserveAsync(string artifact, CancellationToken stop)
    {
        lock (begun)
        {
            return Task.FromResult(
                !begun.TryGetValue(artifact, out var at) ? new BuildView(BuildState.Missing)
                : world.Now - at < Takes
                    ? new BuildView(BuildState.Running, Lines: ["demo: nothing is built, this only takes a moment"])
                : new BuildView(BuildState.Done)
            );
        }
    }

    public Task CancelAsync(string artifact, CancellationToken stop) => Task.CompletedTask;

    public Task StartAsync(CommandOrder order, CancellationToken stop) => Task.CompletedTask;

    Task<CommandView?> ICommands.ObserveAsync(string key, CancellationToken stop) =>
        Task.FromResult<CommandView?>(new(0, null, []));
}
