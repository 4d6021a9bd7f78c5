using Fairlead.Engine.Pipelines.Vendors.GitLab;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>Rules and variables of GitLab in neutral words.</summary>
public sealed class GitLabTests
{
    [Theory]
    [InlineData("$CI_COMMIT_BRANCH == \"main\"", "branch == 'main'")]
    [InlineData(
        "$CI_COMMIT_TAG =~ /^v/ || $CI_PIPELINE_SOURCE == 'schedule'",
        "startsWith(tag, 'v') || event == 'schedule'"
    )]
    [InlineData(
        "$CI_COMMIT_BRANCH && ($LEVEL == \"high\" || $CI_COMMIT_TAG == null)",
        "branch != '' && (true || !(tag != ''))"
    )]
    [InlineData("$CI_COMMIT_BRANCH !~ /^release\\/.*$/", "!startsWith(branch, 'release/')")]
    [InlineData("$CI_COMMIT_BRANCH =~ /^v[0-9]+$/", null)]
    [InlineData("$UNKNOWN == \"x\"", null)]
    [InlineData("$CI_COMMIT_BRANCH == \"main", null)]
    [InlineData("$CI_COMMIT_BRANCH == \"main\" &&", null)]
    [InlineData("((((", null)]
    [InlineData("", null)]
    public void Rules_of_GitLab_are_read_in_neutral_words(string rule, string? condition) =>
        Assert.Equal(
            condition,
            GitLabRules.Read(rule, new Dictionary<string, string> { ["LEVEL"] = "high" }).Condition
        );
}
