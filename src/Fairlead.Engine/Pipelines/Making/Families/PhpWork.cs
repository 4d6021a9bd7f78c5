using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Packages of Composer.</summary>
internal static class PhpWork
{
    private static readonly (string Name, string Package, string[] Words)[] Checkers =
    [
        ("lint", "laravel/pint", ["vendor/bin/pint", "--test"]),
        ("lint", "friendsofphp/php-cs-fixer", ["vendor/bin/php-cs-fixer", "check"]),
        ("types", "phpstan/phpstan", ["vendor/bin/phpstan", "analyse", "--no-progress"]),
        ("types", "larastan/larastan", ["vendor/bin/phpstan", "analyse", "--no-progress"]),
        ("test", "pestphp/pest", ["vendor/bin/pest"]),
        ("test", "phpunit/phpunit", ["vendor/bin/phpunit"]),
    ];

    public static Work Of(Part part)
    {
        part = part with { Made = ["vendor", "node_modules", "storage", "var"] };
        var composer = Json.Read(part.Sight, "composer.json");
        List<JobTask> checks = composer is null
            ? []
            : [part.Do("install", "composer", "install", "--no-interaction", "--prefer-dist")];
        foreach (var (name, package, words) in Checkers)
        {
            if (composer.At("require-dev", package).Word() is not null && !checks.Exists(one => one.Name == name))
            {
                checks.Add(part.Check(name, words));
            }
        }
        var version = (composer.At("require", "php").Word() ?? "").TrimStart('^', '~', '>', '=', ' ').Split('|', ' ')[
            0
        ];
        return new(new Dictionary<string, string>(StringComparer.Ordinal) { ["php"] = version }, checks)
        {
            Made = part.Made,
            Caches = part.Sight.HasFile("composer.lock")
                ? [new(["~/.cache/composer"], [part.In("composer.lock")])]
                : [],
            Audit = part.Sight.HasFile("composer.lock") ? [part.Do("audit", "composer", "audit", "--locked")] : [],
        };
    }
}
