using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Files;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>What was kept of a workflow as it stood there, for GitHub alone: a step, or a whole job under the key <c>job</c>.</summary>
internal static class GitHubForeign
{
    public static string Kept(Node step) => ForeignYaml.Of(step).ToString();

    public static string KeptJob(Node job) => new YamlGroup().Add("job", ForeignYaml.Of(job)).ToString();

    /// <summary>Null when it cannot be read, or is a job.</summary>
    public static YamlGroup? Step(string text) =>
        Read(text) is Node.Mapping step && step.Find("job") is null ? ForeignYaml.Of(step) : null;

    /// <summary>Null when it is a step.</summary>
    public static YamlGroup? Job(string text) =>
        (Read(text) as Node.Mapping)?.Find("job") is Node.Mapping job ? ForeignYaml.Of(job) : null;

    private static Node? Read(string text)
    {
        var findings = new Findings("the text");
        var node = YamlReader.Read(text, findings);
        return findings.IsEmpty ? node : null;
    }
}

/// <summary>What was read of somebody else's file, to be written again as it was.</summary>
internal static class ForeignYaml
{
    public static YamlGroup Of(Node node)
    {
        var group = new YamlGroup();
        foreach (var entry in (node as Node.Mapping)?.Entries ?? [])
        {
            switch (entry.Value)
            {
                case Node.Scalar { IsNothing: true }:
                    group.AddEmpty(entry.Key);
                    break;
                case Node.Scalar { IsPlain: true, Text: "true" or "false" } yes:
                    group.Add(entry.Key, yes.Text == "true");
                    break;
                case Node.Scalar { IsPlain: true } number
                    when int.TryParse(number.Text, CultureInfo.InvariantCulture, out var whole)
                        && number.Text == GitHubTexts.Number(whole):
                    group.Add(entry.Key, whole);
                    break;
                case Node.Scalar text:
                    group.Add(entry.Key, text.Text);
                    break;
                default:
                    group.AddAsItIs(entry.Key, Value(entry.Value));
                    break;
            }
        }
        return group;
    }

    private static object Value(Node node) =>
        node switch
        {
            Node.Scalar text => text.Text,
            Node.Sequence list when list.Items.All(static one => one is Node.Scalar) => (string[])
                [.. list.Items.OfType<Node.Scalar>().Select(static one => one.Text)],
            Node.Sequence list => (object[])[.. list.Items.Select(Value)],
            _ => Of(node),
        };
}
