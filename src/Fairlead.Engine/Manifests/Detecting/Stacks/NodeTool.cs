namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>The package manager that the lock file belongs to, and how it is asked for things.</summary>
/// <param name="Name">Its program.</param>
/// <param name="Lock">Its lock file as seen from the package; null when there is none.</param>
/// <param name="IsModernYarn">Yarn 2 or later, which may keep packages where only it finds them.</param>
internal sealed record NodeTool(string Name, string? Lock, bool IsModernYarn)
{
    private static readonly (string File, string Name)[] Locks =
    [
        ("pnpm-lock.yaml", "pnpm"),
        ("bun.lock", "bun"),
        ("bun.lockb", "bun"),
        ("yarn.lock", "yarn"),
        ("package-lock.json", "npm"),
        ("npm-shrinkwrap.json", "npm"),
    ];

    public IReadOnlyList<string> Needs => Name == "bun" ? ["bun"] : ["node", Name];

    public static NodeTool Of(Sight sight, string? said, string root)
    {
        var name = said?.Split('@')[0];
        var found = Locks
            .Where(one => name is null || one.Name == name)
            .Select(one => (File: root == "." ? one.File : $"{root}/{one.File}", one.Name))
            .FirstOrDefault(one => sight.HasFile(one.File));
        var tool = Locks.Any(one => one.Name == name) ? name! : found.Name ?? "npm";
        var isModern =
            tool == "yarn"
            && (
                (found.File is { } file && sight.Find(file, "__metadata:", "") is not null)
                || sight.HasFile(root == "." ? ".yarnrc.yml" : $"{root}/.yarnrc.yml")
            );
        return new(tool, found.File, isModern);
    }

    /// <summary>Installs exactly what the lock says; without a lock, what is there now.</summary>
    /// <param name="root">The workspace's root as seen from the package.</param>
    public IReadOnlyList<string> Install(bool withTools, string root) =>
        (Name, Lock) switch
        {
            ("npm", not null) => [.. Npm(root), "ci", .. withTools ? Array.Empty<string>() : ["--omit=dev"]],
            ("npm", null) => [.. Npm(root), "install", .. withTools ? Array.Empty<string>() : ["--omit=dev"]],
            ("yarn", _) when IsModernYarn => ["yarn", "install", "--immutable"],
            (_, null) => [Name, "install", .. Production(withTools)],
            _ => [Name, "install", "--frozen-lockfile", .. Production(withTools)],
        };

    /// <summary>Runs a script of the package itself, in its folder.</summary>
    public IReadOnlyList<string> Script(string name) => name == "start" ? [Name, "start"] : [Name, "run", name];

    /// <summary>Runs a script of another package of the workspace, as seen from this one.</summary>
    public IReadOnlyList<string> Script(string name, (string Name, string Place) member, string root) =>
        Name switch
        {
            "pnpm" => ["pnpm", "--dir", $"{root}/{member.Place}", "run", name],
            "yarn" => ["yarn", "workspace", member.Name, "run", name],
            "bun" => ["bun", "run", "--cwd", $"{root}/{member.Place}", name],
            _ => ["npm", "--prefix", $"{root}/{member.Place}", "run", name],
        };

    /// <summary>Runs a program that one of the packages brings.</summary>
    public IReadOnlyList<string> Exec(IReadOnlyList<string> words) =>
        Name switch
        {
            "pnpm" => ["pnpm", "exec", .. words],
            "yarn" => ["yarn", "run", .. words],
            "bun" => ["bun", "x", "--no-install", .. words],
            _ => ["npx", "--no-install", .. words],
        };

    private IReadOnlyList<string> Production(bool withTools) =>
        withTools ? []
        : Name == "pnpm" ? ["--prod"]
        : ["--production"];

    // In a member's folder npm would look at that member alone.
    private static string[] Npm(string root) => root == "." ? ["npm"] : ["npm", "--prefix", root];
}
