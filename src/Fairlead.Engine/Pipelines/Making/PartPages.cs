using Fairlead.Engine.Checking;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Detecting.Stacks;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Pipelines.Making;

/// <summary>
/// Which checks of pages in a browser are worth their minutes: those that <c>site</c> of <c>fairlead.checks.yaml</c> asks for, and that have something to compare with.
/// </summary>
internal static class PartPages
{
    private const string Pictures = "visual";

    public static IEnumerable<string> Checks(Part part)
    {
        if (!PartChecks.Says(part, "site"))
        {
            yield break;
        }
        yield return "accessibility";
        if (AsksLighthouse(part))
        {
            yield return "lighthouse";
        }
        if (HasPictures(part))
        {
            yield return "visual";
        }
    }

    public static IEnumerable<string> Notes(Part part)
    {
        if (!PartChecks.Says(part, "site"))
        {
            if (part.Detected.Kind == Kind.Web && part.Detected.Recipe.Build.Count > 0)
            {
                yield return $"{part.Name}: say 'site' in {ChecksFile.Name}, and its pages are looked at in a browser: accessibility, Lighthouse, and how they look.";
            }
            yield break;
        }
        yield return $"{part.Name}: its pages are looked at in Chromium, which must be on the machine.";
        foreach (var program in (string[])["axe-core", .. AsksLighthouse(part) ? ["lighthouse"] : (string[])[]])
        {
            if (!Has(part, program))
            {
                yield return $"{part.Name}: its pages are looked at with {program}: npm install -D {program}";
            }
        }
        if (!HasPictures(part))
        {
            yield return $"{part.Name}: nobody approved how its pages look, so 'fairlead check visual' is left out: approve the pictures, commit {Folder(part)}, and write the pipeline again.";
        }
        if (Show(part) is { Words: ["python3", ..] })
        {
            yield return $"{part.Name}: its files are shown by Python's server, which knows no pages that only scripts make.";
        }
    }

    /// <summary>What shows the files of a site that has no program of its own, and where; null when there are none.</summary>
    public static (string Folder, IReadOnlyList<string> Words)? Show(Part part)
    {
        var recipe = part.Detected.Recipe;
        if (part.Detected.Kind != Kind.Web || recipe.Run.Count > 0 || recipe.Output is not { } output)
        {
            return null;
        }
        return part.Detected.Stack == "vite"
            ? (
                part.Path,
                part.Sight.Know(NodePackage.Read)
                    .Tool.Exec([
                        "vite",
                        "preview",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "{port}",
                        "--strictPort",
                        "--outDir",
                        output,
                    ])
            )
            : (
                Paths.Join(part.Path, output) ?? part.Path,
                ["python3", "-m", "http.server", "--bind", "127.0.0.1", "{port}"]
            );
    }

    private static bool AsksLighthouse(Part part) =>
        Site(part)?.Find("lighthouse") is not null || Has(part, "lighthouse");

    private static bool HasPictures(Part part) =>
        part.Sight.Other(Folder(part))?.Names.Any(static one => one.EndsWith(".png", StringComparison.Ordinal)) == true;

    private static string Folder(Part part) =>
        Site(part)?.Find("pictures") is Node.Scalar { Text: { Length: > 0 } said }
        && Paths.Join(".", said) is { } folder
            ? folder
            : Pictures;

    // A file with faults says nothing here, and all of them when it is used.
    private static Node.Mapping? Site(Part part) =>
        YamlReader.Read(part.Sight.Text(ChecksFile.Name), new Findings(ChecksFile.Name)) is Node.Mapping all
            ? all.Find("site") as Node.Mapping
            : null;

    private static bool Has(Part part, string package) =>
        part.Sight.HasFile(NodePackage.FileName) && part.Sight.Know(NodePackage.Read).Has(package);
}
