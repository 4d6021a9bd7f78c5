using System.Runtime.CompilerServices;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Engine.Infrastructure.Code.Terraform;

namespace Fairlead.Tests.Infrastructure.Terraform;

/// <summary>
/// Apps, and the code of Terraform that is made of them, in files that a person can read and Terraform judges. Run once with
/// FAIRLEAD_GOLDEN=write to take new ones, and read the difference.
/// </summary>
public sealed class TerraformFormatTests
{
    [Theory]
    [InlineData("storefront")]
    [InlineData("everything")]
    [InlineData("functions")]
    [InlineData("closed")]
    public void An_app_becomes_code_that_a_team_can_go_on_with(string app)
    {
        var manifest = CloudApps.Manifest(app);

        CloudApps.Same(Path.Combine(Here(), "Golden", app), Write(manifest));
        Assert.Equal(CloudApps.Text(Write(manifest)), CloudApps.Text(Write(manifest)));
    }

    [Fact]
    public void What_a_manifest_says_is_no_word_of_Terraform()
    {
        var written = Write(
            """
            app: shop
            services:
              api: { kind: worker, run: ./api, env: { A: "${var.name}", B: "%{ if x }", C: "line\n\"two\"\\" } }
            infrastructure: { cloud: aws }
            """
        );

        var text = written.Files.Single(static one => one.Path == "containers.tf").Text;
        Assert.Contains("value = \"$${var.name}\"", text, StringComparison.Ordinal);
        Assert.Contains("value = \"%%{ if x }\"", text, StringComparison.Ordinal);
        Assert.Contains("value = \"line\\n\\\"two\\\"\\\\\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_team_keeps_its_state_is_said() =>
        Assert.Contains(
            """
              backend "s3" {
                bucket       = "states"
                use_lockfile = "true"
              }
            """,
            new TerraformFormat()
                .Write(
                    CloudApps.Graph(CloudApps.Manifest("storefront")),
                    new()
                    {
                        State = new(
                            "s3",
                            new Dictionary<string, string> { ["use_lockfile"] = "true", ["bucket"] = "states" }
                        ),
                    }
                )
                .Files.Single(static one => one.Path == "versions.tf")
                .Text,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_name_is_never_longer_than_AWS_takes_and_tells_apart()
    {
        var written = CloudApps.Text(
            Write(
                """
                app: a-shop-with-a-very-long-name-indeed
                services:
                  api: { kind: api, run: ./api, routes: / }
                infrastructure: { cloud: aws, caches: { cache: {} } }
                """
            )
        );

        Assert.Matches("resource \"aws_lb\" [^{]*{\n  name += \"[a-z0-9-]{20,32}\"", written);
        Assert.Matches("replication_group_id += \"[a-z0-9-]{30,40}\"", written);
    }

    private static CodeFiles Write(string manifest) => new TerraformFormat().Write(CloudApps.Graph(manifest), new());

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
