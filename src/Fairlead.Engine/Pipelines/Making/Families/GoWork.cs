using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Modules of Go.</summary>
internal static class GoWork
{
    public static Work Of(Part part)
    {
        var sight = part.Sight;
        List<JobTask> checks = [part.Check("vet", "go", "vet", "./...")];
        if (sight.First(".golangci.yml", ".golangci.yaml", ".golangci.toml") is not null)
        {
            checks.Add(part.Check("lint", "golangci-lint", "run"));
        }
        if (sight.Files.Any(static file => file.EndsWith("_test.go", StringComparison.Ordinal)))
        {
            checks.Add(part.Check("test", "go", "test", "./..."));
        }
        var version = sight
            .Lines("go.mod")
            .FirstOrDefault(static line => line.StartsWith("go ", StringComparison.Ordinal))
            is { } line
            ? string.Join('.', line[3..].Trim().Split('.').Take(2))
            : "";
        return new(new Dictionary<string, string>(StringComparer.Ordinal) { ["go"] = version }, checks)
        {
            Caches = sight.HasFile("go.sum") ? [new(["~/go/pkg/mod", "~/.cache/go-build"], [part.In("go.sum")])] : [],
            Audit = sight
                .Lines("go.mod")
                .Any(static line => line.Contains("golang.org/x/vuln", StringComparison.Ordinal))
                ? [part.Do("audit", "go", "tool", "govulncheck", "./...")]
                : [],
        };
    }
}
