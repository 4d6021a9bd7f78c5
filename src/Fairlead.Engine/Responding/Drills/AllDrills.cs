namespace Fairlead.Engine.Responding.Drills;

/// <summary>What goes wrong in a drill, and what must come of it.</summary>
/// <param name="Name">Lower case with dashes.</param>
/// <param name="Summary">One sentence without its end.</param>
public sealed record DrillKind(string Name, string Summary)
{
    /// <summary>What the release that makes the fault changes, such as <c>web.env.FAULT=errors</c>; null where it is none.</summary>
    public string? Change { get; init; }

    /// <summary>What the scratch app needs goes wrong, by this drill's name, until the drill ends that: going back would not help.</summary>
    public bool IsOfNeeds { get; init; }

    /// <summary>The alert that must fire.</summary>
    public string? Alert { get; init; }

    /// <summary>The role of Fairlead whose process is killed; null where none is.</summary>
    public string? Role { get; init; }
}

/// <summary>Every kind of drill. To add one that is a release gone bad or a process gone: its line here; one of what apps need has its
/// lines in the scratch app, too (<c>Roles/Drill</c>).</summary>
public static class AllDrills
{
    public static IReadOnlyList<DrillKind> Entries { get; } =
    [
        new("bad-deploy", "A release answers three of ten requests with errors")
        {
            Change = "web.env.FAULT=errors",
            Alert = "ServiceErrors",
        },
        new("dns-outage", "The name server that the app asks is silent") { IsOfNeeds = true, Alert = "ServiceErrors" },
        new("expired-cert", "The certificate of what the app needs has ended")
        {
            IsOfNeeds = true,
            Alert = "ServiceErrors",
        },
        new("full-disk", "The disk that the app writes to is full") { IsOfNeeds = true, Alert = "ServiceErrors" },
        new("lost-node", "The process that starts apps is killed") { Role = "node" },
        new("lost-server", "The process that decides is killed") { Role = "server" },
        new("slow-dependency", "A service that others need takes three seconds to answer")
        {
            Change = "dep.env.FAULT=slow",
            Alert = "DrillSlow",
        },
    ];

    public static DrillKind? Find(string name) => Entries.FirstOrDefault(one => one.Name == name);
}
