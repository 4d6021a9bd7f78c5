using System.Text.RegularExpressions;

namespace Fairlead.Drivers.Builds;

/// <summary>
/// Files beside the manifest that change what is built though they lie outside a service's folder: locks, workspaces and
/// build settings. The manifest is not one of them: more replicas are no reason to build again.
/// </summary>
internal static partial class RootFiles
{
    public const string Manifest = "fairlead.yaml";

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "global.json",
        "nuget.config",
        "package.json",
        "npm-shrinkwrap.json",
        ".npmrc",
        ".nvmrc",
        ".node-version",
        ".yarnrc",
        ".yarnrc.yml",
        "pnpm-workspace.yaml",
        "turbo.json",
        "nx.json",
        "lerna.json",
        "tsconfig.json",
        "tsconfig.base.json",
        "bun.lockb",
        "go.work",
        "go.work.sum",
        "go.mod",
        "go.sum",
        "Cargo.toml",
        "rust-toolchain",
        "rust-toolchain.toml",
        "pyproject.toml",
        "requirements.txt",
        "setup.py",
        "setup.cfg",
        "Pipfile",
        ".python-version",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "settings.gradle",
        "settings.gradle.kts",
        "gradle.properties",
        "Gemfile",
        ".ruby-version",
        "composer.json",
        ".tool-versions",
        ".editorconfig",
    };

    public static bool Has(string name) => Names.Contains(name) || Pattern().IsMatch(name);

    // Directory.Build.props, Directory.Packages.props, package-lock.json, pnpm-lock.yaml, yarn.lock, uv.lock, Cargo.lock
    [GeneratedRegex(
        @"^Directory\.[\w.]+\.(props|targets|rsp)$|[-.]lock(\.(json|yaml|yml))?$",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Pattern();
}
