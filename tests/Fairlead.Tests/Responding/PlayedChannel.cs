using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Responding;

/// <summary>A channel that does as a test says, and remembers what it was told.</summary>
internal sealed class PlayedChannel(string kind) : IChannel
{
    private readonly Lock gate = new();
    private readonly List<(Notification Notification, string Url)> seen = [];

    /// <summary>The kinds that files of tests may name.</summary>
    public static IReadOnlyList<IChannel> Kinds => [new PlayedChannel("email"), new PlayedChannel("webhook")];

    public string Kind => kind;

    public IReadOnlyList<ChannelField> Fields =>
        kind == "email"
            ? [new("to", "Whom to tell.") { IsRequired = true }, new("auth_password", "A secret.") { IsSecret = true }]
            :
            [
                new("url", "Where to post.")
                {
                    IsRequired = true,
                    IsSecret = true,
                    Alias = "address",
                },
            ];

    /// <summary>What becomes of telling a url; all is taken when it is left out.</summary>
    public Func<string, Notification, CancellationToken, Task<Sent>> PlayAsync { get; set; } =
        static (_, _, _) => Task.FromResult(Sent.Taken);

    /// <summary>All that came, as <c>url id title</c>.</summary>
    public IReadOnlyList<(Notification Notification, string Url)> Seen
    {
        get
        {
            lock (gate)
            {
                return [.. seen];
            }
        }
    }

    public async Task<Sent> SendAsync(Notification notification, ChannelSettings settings, CancellationToken stop)
    {
        var url = settings.Text("url") ?? settings.Text("to") ?? "";
        lock (gate)
        {
            seen.Add((notification, url));
        }
        return await PlayAsync(url, notification, stop);
    }

    public string? Fault(ChannelSettings settings) =>
        settings.Text("url") is { } url && !url.StartsWith("https://", StringComparison.Ordinal)
            ? "'url' begins with https://."
            : null;
}
