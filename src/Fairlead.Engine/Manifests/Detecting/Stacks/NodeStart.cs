using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting.Reading;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>How a Node program is started: by its start script, or by a file that listens.</summary>
internal static partial class NodeStart
{
    private static readonly string[] Files =
    [
        "server.js",
        "server.mjs",
        "server.cjs",
        "index.js",
        "index.mjs",
        "app.js",
        "main.js",
        "src/server.js",
        "src/index.js",
        "src/app.js",
        "src/main.js",
    ];

    // What serves source to a developer, not a build to people.
    private static readonly HashSet<string> DeveloperTools = new(StringComparer.Ordinal)
    {
        "vite",
        "react-scripts",
        "react-app-rewired",
        "craco",
        "webpack",
        "webpack-dev-server",
        "parcel",
        "ng",
        "vue-cli-service",
        "gatsby",
        "astro",
        "serve",
        "http-server",
        "live-server",
        "browser-sync",
        "expo",
        "react-native",
        "turbo",
        "nx",
        "lerna",
        "storybook",
        "docusaurus",
        "eleventy",
        "concurrently",
        "npm-run-all",
        "electron",
        "gulp",
        "grunt",
    };

    public static Sign Sign { get; } = Signs.One("start script or file that listens", Seen);

    /// <summary>A file that listens, with no package.json to say more.</summary>
    public static Sign ServerFile { get; } =
        Signs.One("file that listens", sight => File(sight) is { } file ? Listens(sight, file) : null);

    /// <summary>It is started by plain Node, as servers are and tools for pages are not.</summary>
    public static bool IsServer(Sight sight) => IsPlain(ScriptWords(sight.Know(NodePackage.Read)));

    public static bool IsPlain(IReadOnlyList<string>? words) =>
        words is not null && CommandText.Program(words) == "node";

    /// <summary>The start script's words; null when there is none or only a shell understands it.</summary>
    public static IReadOnlyList<string>? ScriptWords(NodePackage package, string name = "start") =>
        package.Script(name) is { } text ? CommandText.Words(text) : null;

    public static string? File(Sight sight)
    {
        var main = sight.Know(NodePackage.Read).Json.At("main").Word();
        return Files.Prepend(main ?? "").FirstOrDefault(file => file.Length > 0 && Listens(sight, file) is not null);
    }

    private static Evidence? Seen(Sight sight)
    {
        var package = sight.Know(NodePackage.Read);
        if (HasScript(package))
        {
            return NodePackage.Line(sight, "start", $"starts it by '{package.Script("start")}'");
        }
        return File(sight) is { } file ? Listens(sight, file) : null;
    }

    /// <summary>Its start script starts what is to be deployed, not a tool for developers.</summary>
    public static bool HasScript(NodePackage package) =>
        package.Script("start") is { } script && !IsForDevelopers(script);

    private static bool IsForDevelopers(string script) =>
        script.Trim().Length == 0
        || DeveloperTools.Contains(CommandText.Program(script.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        || (script.StartsWith("npx ", StringComparison.Ordinal) && DeveloperTools.Contains(script.Split(' ')[1]));

    private static Evidence? Listens(Sight sight, string file) =>
        sight.Find(file, line => !Text.IsComment(line) && ListenCall().IsMatch(line), "listens");

    [GeneratedRegex(
        @"\.listen\(|\bcreateServer\(|\bserve\(|\bBun\.serve\b",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    public static partial Regex ListenCall();
}
