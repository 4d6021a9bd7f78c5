using System.Runtime.CompilerServices;
using System.Text;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Engine.Infrastructure.Code.CloudFormation;
using Fairlead.Engine.Infrastructure.Planning;

namespace Fairlead.Tests.Infrastructure.CloudFormation;

/// <summary>
/// Apps, and the templates that are made of them, in files that a person can read and cfn-lint judges. Run once with FAIRLEAD_GOLDEN=write
/// to take new ones, and read the difference.
/// </summary>
public sealed class CloudFormationFormatTests
{
    // YamlDotNet does not say of it that it is no YAML: it has no name for what it stands on.
    private const string Broken = "😀:\n  A: { Type: Str,esources:\n  B:\n    Type: T\n";

    private static readonly string Folder = Path.Combine(Here(), "Golden");

    [Theory]
    [InlineData("storefront")]
    [InlineData("everything")]
    [InlineData("functions")]
    [InlineData("closed")]
    public void An_app_becomes_templates_that_a_team_can_go_on_with(string app)
    {
        CloudApps.Same(Path.Combine(Folder, app), Write(CloudApps.Manifest(app)));
    }

    [Theory]
    [InlineData("storefront")]
    [InlineData("everything")]
    public void The_same_app_is_written_the_same_letter_by_letter(string app)
    {
        var manifest = CloudApps.Manifest(app);

        Assert.Equal(CloudApps.Text(Write(manifest)), CloudApps.Text(Write(manifest)));
    }

    [Fact]
    public void A_long_template_fits_into_a_request_as_JSON()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "everything", CloudFormationFormat.TemplateFile));
        var terse = StackTemplateReader.Terse(text);

        Assert.True(Encoding.UTF8.GetByteCount(text) > 51_200);
        Assert.InRange(Encoding.UTF8.GetByteCount(terse), 10_000, 51_200);
        Assert.Equal(StackTemplateReader.Kept(text), StackTemplateReader.Kept(terse));
    }

    [Fact]
    public void A_template_as_JSON_says_the_same() =>
        Assert.Equal(
            """{"Conditions":{"HasA":{"Fn::Not":[{"Fn::Equals":[{"Ref":"A"},""]}]}},"Resources":{"B":{"X":{"Fn::GetAtt":["C","D.E"]},"Y":{"Fn::Sub":"${A}-b"},"Z":[1,"1",true,"yes"]}}}""",
            StackTemplateReader.Terse(
                """
                Conditions:
                  HasA: !Not [!Equals [!Ref A, '']]
                Resources:
                  B:
                    X: !GetAtt C.D.E
                    Y: !Sub '${A}-b'
                    Z: [1, '1', true, 'yes']
                """
            )
        );

    [Theory]
    [InlineData("a: [")]
    [InlineData("a: 1\na: 2")]
    [InlineData("")]
    [InlineData("? [a] : b")]
    [InlineData("a: *b")]
    [InlineData(Broken)]
    public void What_cannot_be_made_shorter_stays_as_it_is(string text) =>
        Assert.Equal(text, StackTemplateReader.Terse(text));

    [Fact]
    public void Of_a_broken_template_nothing_more_is_read() => Assert.Empty(StackTemplateReader.Kept(Broken));

    [Fact]
    public void What_holds_data_is_kept_and_is_found_again_in_the_template() =>
        Assert.Equal(
            [
                "MainDatabase: Snapshot",
                "OrdersQueue: Retain",
                "OrdersQueuePutAside: Retain",
                "StripeKeySecret: Retain",
                "ThumbnailsFirstVersion: Retain",
                "UploadsBucket: Retain",
            ],
            StackTemplateReader
                .Kept(File.ReadAllText(Path.Combine(Folder, "everything", CloudFormationFormat.TemplateFile)))
                .Where(static one => one.Value != "Delete")
                .Select(static one => $"{one.Key}: {one.Value}")
                .Order()
        );

    [Theory]
    [InlineData("plain-word", "plain-word")]
    [InlineData("AWS::EC2::VPC", "AWS::EC2::VPC")]
    [InlineData("2012-10-17", "'2012-10-17'")]
    [InlineData("10.0.0.0/16", "'10.0.0.0/16'")]
    [InlineData("yes", "'yes'")]
    [InlineData("Off", "'Off'")]
    [InlineData("", "''")]
    [InlineData("it's", "'it''s'")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a # b", "'a # b'")]
    [InlineData("- a", "'- a'")]
    [InlineData("!Ref Other", "'!Ref Other'")]
    [InlineData("ends:", "'ends:'")]
    [InlineData(" a ", "' a '")]
    [InlineData("a\tb", "\"a\\tb\"")]
    public void A_text_means_itself_in_YAML_whatever_is_in_it(string text, string written) =>
        Assert.Equal(written, StackYaml.Quoted(text));

    [Fact]
    public void What_a_manifest_says_is_no_word_of_CloudFormation()
    {
        var written = Write(
            """
            app: shop
            services:
              api: { kind: worker, run: ./api, env: { A: "${AWS::AccountId}", B: "!Ref X", C: "line\n# two", D: "{{resolve:ssm:x}}" } }
            infrastructure: { cloud: aws }
            """
        );

        var lines = written.Files.Single(static one => one.Path == "template.yaml").Text.Split('\n').ToList();
        var at = lines.FindIndex(static line => line.TrimStart() == "Environment:");
        Assert.Equal(
            """
            - Name: A
              Value: '${AWS::AccountId}'
            - Name: B
              Value: '!Ref X'
            - Name: C
              Value: |-
                line
                # two
            - Name: D
              Value: '{{resolve:ssm:x}}'
            """,
            string.Join('\n', lines.Skip(at + 1).Take(10).Select(static line => line[12..]))
        );
        Assert.Contains(
            "D has '{{resolve:' in it: CloudFormation puts in what that names, and cannot be told not to.",
            written.Notes
        );
    }

    [Fact]
    public void Names_that_differ_by_a_dash_get_ids_that_differ()
    {
        var draft = new StackDraft(new(new("a", "b"), new(default, "eu-central-1"), []));

        Assert.Equal(
            ["ApiA", "ApiA2", "ApiA", "Apia3Service"],
            [draft.Id("api-a"), draft.Id("api--a"), draft.Id("api-a"), draft.Id("apia3", "Service")]
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("Resources")]
    [InlineData("Resources: [a]")]
    [InlineData("Resources: { A: { DeletionPolicy: [Retain] } }")]
    [InlineData("Resources: { ? [a, b] : { c: d } }")]
    public void What_is_no_template_keeps_nothing(string text) => Assert.Empty(StackTemplateReader.Kept(text));

    [Fact]
    public void A_template_in_JSON_is_read_alike() =>
        Assert.Equal(
            [new("A", "Retain")],
            StackTemplateReader.Kept(
                """{"Parameters":{"P":{"Type":"String"}},"Resources":{"A":{"Type":"T","DeletionPolicy":"Retain"},"B":{"Type":"T"}}}"""
            )
        );

    private static CodeFiles Write(string manifest) =>
        new CloudFormationFormat().Write(CloudApps.Graph(manifest), new());

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
