using Fairlead.Model.Apps;

namespace Fairlead.Model.Monitoring;

/// <summary>A monitor and whose it is.</summary>
/// <param name="Site">Whose manifest or service it comes from; null for one of no app.</param>
public sealed record MonitorDefinition(Site? Site, MonitorSpec Spec, MonitorOrigin Origin)
{
    /// <summary>By which it is known everywhere: <c>shop/production/web</c>, or <c>gateway</c> for one of no app.</summary>
    public string Key => KeyOf(Site, Spec.Name);

    public static string KeyOf(Site? site, string name) => site is null ? name : $"{site}/{name}";

    /// <summary>The host that is reached over the network; null where it is this machine, or nobody is reached.</summary>
    public string? RemoteHost
    {
        get
        {
            if (
                Spec.Through is not null
                || Spec.Scheme is "push" or "docker"
                || !Uri.TryCreate(Spec.Url, UriKind.Absolute, out var url)
                || url.Host.Length == 0
            )
            {
                return null;
            }
            var host = url.IdnHost.Trim('[', ']');
            return
                host is "localhost"
                || host.EndsWith(".localhost", StringComparison.Ordinal)
                || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address))
                ? null
                : host;
        }
    }
}

/// <summary>Where a monitor comes from.</summary>
public enum MonitorOrigin
{
    /// <summary>Somebody added it by hand.</summary>
    Added,

    /// <summary>The live release's manifest names it.</summary>
    Manifest,

    /// <summary>A service that visitors reach has one by itself.</summary>
    Service,
}

/// <summary>The monitors that a release brings.</summary>
public sealed record AppMonitors
{
    /// <summary>Services have none by themselves.</summary>
    public bool IsOff { get; init; }

    /// <summary>Services that have none by themselves, where others do.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    public IReadOnlyList<MonitorSpec> Named { get; init; } = [];
}

/// <summary>How a monitor is.</summary>
public enum MonitorState
{
    /// <summary>Nothing is known: it was never looked at, what is on the way there is down, or Fairlead itself is cut off.</summary>
    Unknown,

    Up,

    /// <summary>The last look failed; some more are forgiven.</summary>
    Pending,

    Down,

    /// <summary>Somebody lets it rest.</summary>
    Paused,

    /// <summary>It is worked on, as was announced.</summary>
    Maintenance,
}
