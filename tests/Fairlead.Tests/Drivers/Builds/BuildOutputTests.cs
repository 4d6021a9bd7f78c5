using System.Text;
using Fairlead.Drivers.Builds;

namespace Fairlead.Tests.Drivers.Builds;

public sealed class BuildOutputTests
{
    [Theory]
    [InlineData("Program.cs(3,5): error CS1002: ; expected", true)]
    [InlineData("npm error code E404", true)]
    [InlineData("npm ERR! missing script: build", true)]
    [InlineData("SyntaxError: invalid syntax", true)]
    [InlineData("error[E0425]: cannot find value `x` in this scope", true)]
    [InlineData("./main.go:3:1: undefined: x", true)]
    [InlineData("fatal: not a git repository", true)]
    [InlineData("write failed: No space left on device", true)]
    [InlineData("    0 Error(s)", false)]
    [InlineData("Build succeeded, no errors.", false)]
    [InlineData("npm warn deprecated inflight: it leaks on error", false)]
    [InlineData("Compiling shop v1.0", false)]
    public void The_first_line_that_looks_like_an_error_is_the_reason(string line, bool isError)
    {
        using var output = new BuildOutput(logPath: null);
        output.Add("Restoring");
        output.Add(line);
        output.Add("error: a later one");
        Assert.Equal(isError ? line.Trim() : "error: a later one", output.FirstError);
    }

    [Fact]
    public void Colours_and_the_workspace_are_left_out_and_only_the_end_is_kept()
    {
        using var output = new BuildOutput(logPath: null, hidden: "/state/builds/shop/api/src");
        for (var number = 0; number < 100; number++)
        {
            output.Add($"line {number}");
        }
        output.Add("\e[1;31m/state/builds/shop/api/src/api/a.c:1: \e[0merror\e]8;;http://x\a \e(Bhere\b\0");
        Assert.Equal(BuildOutput.LinesMax, output.Last.Count);
        Assert.Equal("api/a.c:1: error Bhere", output.Last[^1].Replace("(", "", StringComparison.Ordinal));
        Assert.Equal("line 99", output.Last[^2]);
    }

    [Fact]
    public void A_log_does_not_grow_without_end()
    {
        using var folder = new Folder();
        using (var output = new BuildOutput(folder["log"]))
        {
            var line = new string('x', 4_000);
            for (var number = 0; number < 5_000; number++)
            {
                output.Add(line);
            }
        }
        Assert.InRange(new FileInfo(folder["log"]).Length, 16_000_000, 17_000_000);
        Assert.EndsWith("was left out)\n", File.ReadAllText(folder["log"]));
    }

    [Fact]
    public async Task Lines_end_as_on_a_terminal()
    {
        var lines = new List<string>();
        var text = "one\ntwo\r\nprogress 1%\rprogress 100%\n\n" + new string('x', 10_000) + "\nlast";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await LineReader.ReadAsync(stream, lines.Add, TestContext.Current.CancellationToken);
        Assert.Equal(["one", "two", "progress 100%", "", new string('x', LineReader.LineLengthMax), "last"], lines);
    }

    [Fact]
    public void A_build_inherits_no_secret_of_the_server()
    {
        var env = BuildEnv.Read(
            new Dictionary<string, string>
            {
                ["PATH"] = "/bin",
                ["NUGET_PACKAGES"] = "/cache",
                ["npm_config_registry"] = "http://127.0.0.1",
                ["DATABASE_PASSWORD"] = "secret",
                ["AWS_SECRET_ACCESS_KEY"] = "secret",
                ["CI"] = "no",
            }
        );
        Assert.Equal(
            ["CI", "NUGET_PACKAGES", "PATH", "npm_config_registry"],
            env.Keys.Where(Known).Order(StringComparer.Ordinal)
        );
        Assert.Equal("true", env["CI"]);
        Assert.DoesNotContain("secret", env.Values);

        static bool Known(string name) => name is "PATH" or "NUGET_PACKAGES" or "npm_config_registry" or "CI";
    }
}
