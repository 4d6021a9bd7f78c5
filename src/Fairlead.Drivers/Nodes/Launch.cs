using System.Globalization;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>What a replica is started with.</summary>
internal static class Launch
{
    public const string InstanceVariable = "FAIRLEAD_INSTANCE";
    public const string StateVariable = "FAIRLEAD_STATE_ID";

    /// <summary>Marks a health command, which carries its replica's key too, as not the replica itself.</summary>
    public const string ProbeVariable = "FAIRLEAD_PROBE";

    private const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The words with <c>{port}</c> filled in.</summary>
    public static IReadOnlyList<string> Words(IReadOnlyList<string> words, int port) =>
        [.. words.Select(word => word.Replace("{port}", Text(port), StringComparison.Ordinal))];

    /// <summary>The whole environment: a minimum of ours, over it the order's, over both what must be true.</summary>
    /// <param name="own">The node's environment; only PATH, HOME and LANG are taken from it, so none of its secrets leak.</param>
    public static IReadOnlyDictionary<string, string> Environment(
        InstanceOrder order,
        IReadOnlyDictionary<string, string> own,
        int port,
        string temp,
        string stateId
    )
    {
        var (key, host) = (order.Key, "127.0.0.1");
        Dictionary<string, string> env = new()
        {
            ["PATH"] = own.GetValueOrDefault("PATH", UsualPath),
            ["HOME"] = own.GetValueOrDefault("HOME", temp),
            ["LANG"] = own.GetValueOrDefault("LANG", "C.UTF-8"),
            ["USER"] = System.Environment.UserName,
        };
        Overlay(env, order.Env);
        Overlay(
            env,
            new Dictionary<string, string>
            {
                ["TMPDIR"] = temp,
                ["HOST"] = host,
                ["PORT"] = Text(port),
                ["ASPNETCORE_URLS"] = $"http://{host}:{Text(port)}",
                ["FAIRLEAD_APP"] = key.Site.App,
                ["FAIRLEAD_ENVIRONMENT"] = key.Site.Environment,
                ["FAIRLEAD_SERVICE"] = key.Part.Service,
                ["FAIRLEAD_RELEASE"] = Text(key.Part.Since),
                ["FAIRLEAD_SLOT"] = Text(key.Slot),
                [InstanceVariable] = key.ToString(),
                [StateVariable] = stateId,
            }
        );
        return env;
    }

    /// <summary>The environment inside a container, where programs listen on all addresses: only the engine lets anybody in.</summary>
    /// <param name="own">The node's, of which PATH and LANG are taken; null where the image says them.</param>
    public static IReadOnlyDictionary<string, string> InContainer(
        InstanceOrder order,
        int port,
        IReadOnlyDictionary<string, string>? own
    )
    {
        Dictionary<string, string> env = new() { ["HOME"] = "/tmp" };
        if (own is not null)
        {
            env["PATH"] = own.GetValueOrDefault("PATH", UsualPath);
            env["LANG"] = own.GetValueOrDefault("LANG", "C.UTF-8");
        }
        Overlay(env, InReadyImage(order, port));
        Overlay(env, new Dictionary<string, string> { ["ASPNETCORE_URLS"] = $"http://0.0.0.0:{Text(port)}" });
        return env;
    }

    /// <summary>The environment of an image that says the rest itself.</summary>
    public static IReadOnlyDictionary<string, string> InReadyImage(InstanceOrder order, int port)
    {
        var key = order.Key;
        Dictionary<string, string> env = [];
        Overlay(env, order.Env);
        Overlay(
            env,
            new Dictionary<string, string>
            {
                ["HOST"] = "0.0.0.0",
                ["PORT"] = Text(port),
                ["FAIRLEAD_APP"] = key.Site.App,
                ["FAIRLEAD_ENVIRONMENT"] = key.Site.Environment,
                ["FAIRLEAD_SERVICE"] = key.Part.Service,
                ["FAIRLEAD_RELEASE"] = Text(key.Part.Since),
                ["FAIRLEAD_SLOT"] = Text(key.Slot),
            }
        );
        return env;
    }

    private static void Overlay(Dictionary<string, string> env, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (name, value) in more)
        {
            env[name] = value;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
