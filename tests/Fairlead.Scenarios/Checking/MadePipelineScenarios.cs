using System.Globalization;
using Fairlead.Scenarios.Collecting;
using Fairlead.Scenarios.Pipelines;

namespace Fairlead.Scenarios.Checking;

/// <summary>The pipeline that is made for a site shows its files, and looks at them in a real Chromium.</summary>
public sealed class MadePipelineScenarios : IDisposable
{
    private readonly DirectoryInfo programs = Directory.CreateTempSubdirectory("fl-programs-");
    private readonly CiFolder folder;

    public MadePipelineScenarios()
    {
        // Scripts of the pipeline call it by its name.
        var path = Path.Combine(programs.FullName, "fairlead");
        File.WriteAllText(
            path,
            $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "fairlead.dll")}' \"$@\"\n"
        );
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        folder = new(
            new Dictionary<string, string>
            {
                ["PATH"] = $"{programs.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            }
        );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        folder.Dispose();
        programs.Delete(recursive: true);
    }

    [Fact]
    public async Task A_site_is_shown_and_looked_at_and_how_it_looks_is_compared_once_somebody_approved_it()
    {
        PageScenarios.Need("axe-core");
        _ = RealPeer.Find("python3", "python3");
        _ = RealPeer.Find("curl", "curl");
        Page("#0b6e4f");
        folder.Write("site/fairlead.checks.yaml", "site: { windows: [800x600] }\n");
        folder.Write(
            "site/node_modules/axe-core/axe.min.js",
            await File.ReadAllTextAsync(Path.Combine(PageScenarios.Peers, "node_modules/axe-core/axe.min.js"), Stop)
        );
        await MakeAsync();
        var (code, output, error) = await folder.RunAsync(Stop, "ci", "run", "site");
        Assert.True(code == 0, output + error);
        Assert.True(File.Exists(folder.PathOf("site/reports/accessibility.xml")));
        Assert.False(Directory.Exists(folder.PathOf("site/reports/visual")));

        await using (var shown = await SampleSite.StartAsync(context => SampleSite.HtmlAsync(context, Html("#0b6e4f"))))
        {
            await folder.RunAsync(Stop, "check", "visual", shown.Url, "--folder", "site");
        }
        (code, _, error) = await folder.RunAsync(Stop, "check", "visual", "--approve", "all", "--folder", "site");
        Assert.True(code == 0, error);
        await MakeAsync();
        (code, output, error) = await folder.RunAsync(Stop, "ci", "run", "site");
        Assert.True(code == 0, output + error);
        Page("#b3261e");
        (code, output, error) = await folder.RunAsync(Stop, "ci", "run", "site");
        Assert.True(code == 1 && error.Contains("page-changed", StringComparison.Ordinal), output + error);
    }

    /// <summary>Makes the pipeline anew, with a port that is free on this machine.</summary>
    private async Task MakeAsync()
    {
        File.Delete(folder.PathOf("fairlead.pipeline.yaml"));
        var (code, output, error) = await folder.RunAsync(Stop, "ci", "init");
        Assert.True(code == 0, output + error);
        var text = await File.ReadAllTextAsync(folder.PathOf("fairlead.pipeline.yaml"), Stop);
        Assert.Contains("python3 -m http.server", text, StringComparison.Ordinal);
        folder.Pipeline(
            text.Replace("8080", RealPeer.FreePort().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        );
    }

    private void Page(string colour) => folder.Write("site/index.html", Html(colour));

    private static string Html(string colour) =>
        $"<!doctype html><html lang=en><title>Shop</title><main><h1>Shop</h1><p style='background:{colour};color:#fff;padding:20px'>Buy</p></main></html>";
}
