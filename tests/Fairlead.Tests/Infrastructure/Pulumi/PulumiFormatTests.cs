using System.Runtime.CompilerServices;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Engine.Infrastructure.Code.Pulumi;

namespace Fairlead.Tests.Infrastructure.Pulumi;

/// <summary>
/// Apps, and the programs for Pulumi that are made of them, in files that a person can read and the compiler judges. Run once with
/// FAIRLEAD_GOLDEN=write to take new ones, and read the difference.
/// </summary>
public sealed class PulumiFormatTests
{
    [Theory]
    [InlineData("storefront")]
    [InlineData("everything")]
    [InlineData("functions")]
    [InlineData("closed")]
    public void An_app_becomes_a_program_that_a_team_can_go_on_with(string app)
    {
        var manifest = CloudApps.Manifest(app);

        CloudApps.Same(Path.Combine(Here(), "Golden", app), Write(manifest));
        Assert.Equal(CloudApps.Text(Write(manifest)), CloudApps.Text(Write(manifest)));
    }

    [Fact]
    public void What_a_manifest_says_is_no_word_of_TypeScript()
    {
        var written = Write(
            """
            app: shop
            services:
              function: { kind: worker, run: ./api, env: { A: "${name}", B: "`x`", C: "line\n\"two\"\\" } }
            infrastructure: { cloud: aws }
            """
        );

        var text = written.Files.Single(static one => one.Path == "index.ts").Text;
        Assert.Contains("""value: "${name}",""", text, StringComparison.Ordinal);
        Assert.Contains("""value: "`x`",""", text, StringComparison.Ordinal);
        Assert.Contains("""value: "line\n\"two\"\\",""", text, StringComparison.Ordinal);
        Assert.Contains("const function2 = new aws.ecs.Service(", text, StringComparison.Ordinal);
    }

    private static CodeFiles Write(string manifest) => new PulumiFormat().Write(CloudApps.Graph(manifest), new());

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
