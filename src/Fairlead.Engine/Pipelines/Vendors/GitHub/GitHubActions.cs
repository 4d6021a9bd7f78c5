namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>The actions that are written, pinned to the commits of their releases, and which setup is which tool.</summary>
internal static class GitHubActions
{
    public static (string Uses, string Version) Checkout { get; } =
        ("actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683", "v4.2.2");

    public static (string Uses, string Version) Cache { get; } =
        ("actions/cache@5a3ec84eff668545956fd18022155c47e93e2684", "v4.2.3");

    public static (string Uses, string Version) Upload { get; } =
        ("actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02", "v4.6.2");

    public static (string Uses, string Version) Download { get; } =
        ("actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093", "v4.3.0");

    /// <summary>By tool: the action, the release when it is pinned to its commit, and what it calls the version.</summary>
    public static IReadOnlyDictionary<string, (string Uses, string? Version, string Key)> Setups { get; } =
        new Dictionary<string, (string, string?, string)>(StringComparer.Ordinal)
        {
            ["node"] = ("actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020", "v4.4.0", "node-version"),
            ["python"] = ("actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065", "v5.6.0", "python-version"),
            ["go"] = ("actions/setup-go@d35c59abb061a4a6fb18e82ac0862c26744d6ab5", "v5.5.0", "go-version"),
            ["dotnet"] = ("actions/setup-dotnet@67a3573c9a986a3f9c594539f4ab511d57bb3ce9", "v4.3.1", "dotnet-version"),
            ["java"] = ("actions/setup-java@c5195efecf7bdfc987ee8bae7a71cb8b11521c00", "v4.7.1", "java-version"),
            ["ruby"] = ("ruby/setup-ruby@v1", null, "ruby-version"),
            ["pnpm"] = ("pnpm/action-setup@v4", null, "version"),
            ["bun"] = ("oven-sh/setup-bun@v2", null, "bun-version"),
            ["deno"] = ("denoland/setup-deno@v2", null, "deno-version"),
            ["uv"] = ("astral-sh/setup-uv@v6", null, "version"),
        };

    /// <summary>The tool that an action sets up, and what it calls the version; null when it does something else.</summary>
    /// <param name="action">Without its version.</param>
    public static (string Tool, string Key)? Tool(string action)
    {
        foreach (var (tool, (uses, _, key)) in Setups)
        {
            if (string.Equals(uses.Split('@')[0], action, StringComparison.OrdinalIgnoreCase))
            {
                return (tool, key);
            }
        }
        return null;
    }
}
