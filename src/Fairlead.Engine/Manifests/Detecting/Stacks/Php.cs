using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>What composer.json says.</summary>
internal sealed record ComposerPackage(IReadOnlyDictionary<string, Evidence> Named) : Dependencies(Named)
{
    private const string FileName = "composer.json";

    public static ComposerPackage Read(Sight sight)
    {
        Dictionary<string, Evidence> named = [];
        foreach (var (name, _) in Json.Read(sight, FileName).At("require").Members())
        {
            var says = $"depends on {name}";
            named.TryAdd(name, sight.Find(FileName, $"\"{name}\"", says) ?? new(FileName, null, says));
        }
        return new(named);
    }
}

/// <summary>How PHP programs are built and run.</summary>
internal static class Php
{
    public static Answer Laravel(Sight sight)
    {
        var health = sight.Find("bootstrap/app.php", "health: '/up'", "answers /up");
        return Of(
            sight,
            "laravel",
            ["php", "artisan", "serve", "--host=127.0.0.1", "--port={port}", "--no-reload"]
        ) with
        {
            HealthPath = health is null ? null : "/up",
            Because = health is null ? [] : [health],
        };
    }

    public static Answer Plain(Sight sight, string stack)
    {
        var folder = sight.First("public/index.php", "web/index.php", "index.php") is { } index
            ? Paths.Folder(index)
            : ".";
        return Of(sight, stack, ["php", "-S", "127.0.0.1:{port}", "-t", folder]);
    }

    private static Answer Of(Sight sight, string stack, IReadOnlyList<string> run)
    {
        var package = sight.Know(NodePackage.Read);
        var hasPackages = sight
            .Know(ComposerPackage.Read)
            .Named.Keys.Any(name => name.Contains('/', StringComparison.Ordinal));
        var hasAssets = package.Script("build") is not null;
        IReadOnlyList<string> composer =
        [
            "composer",
            "install",
            "--no-dev",
            "--optimize-autoloader",
            "--no-interaction",
        ];
        var recipe = new Recipe
        {
            Stack = stack,
            Needs =
            [
                "php",
                .. hasPackages ? ["composer"] : Array.Empty<string>(),
                .. hasAssets ? package.Tool.Needs : [],
            ],
            Build =
            [
                .. hasPackages ? [composer] : Array.Empty<IReadOnlyList<string>>(),
                .. hasAssets
                    ? [package.Tool.Install(withTools: true, "."), package.Tool.Script("build")]
                    : Array.Empty<IReadOnlyList<string>>(),
            ],
            Output = ".",
            Run = run,
        };
        return new(Kind.Web, recipe, []);
    }
}
