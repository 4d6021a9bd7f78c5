using Fairlead.Engine.Agents;

namespace Fairlead.Tests.Agents;

/// <summary>Files that describe an agent to the program it runs in.</summary>
public sealed class RoleFileTests
{
    [Fact]
    public void What_is_written_for_Claude_Code_passes_its_own_check()
    {
        var file = RoleFiles.Of("claude-code")[0];
        Assert.Equal(".claude/agents/deployment-specialist.md", file.Path);
        Assert.Empty(RoleFileCheck.Check(file.Path, file.Text));
        Assert.Contains("Bash(kubectl:*)", file.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "---\nname: a\ndescription: b\ntoolz: Read\n---\nWork.\n",
        "There is no key 'toolz'; it would be ignored.",
        "Write 'tools'.",
        4
    )]
    [InlineData(
        "---\nname: a\ndescription: b\ndisallowed_tools: Bash\n---\nWork.\n",
        "There is no key 'disallowed_tools'; it would be ignored.",
        "Write 'disallowedTools'.",
        4
    )]
    [InlineData("---\nname: a\ndescription: b\ncolor: gren\n---\nWork.\n", "'color' is 'gren'.", "Write 'green'.", 4)]
    [InlineData("---\nname: a\n---\nWork.\n", "It has no 'description'.", "Add it: description: ...", 1)]
    [InlineData(
        "---\nname: a\ndescription: b\npermissionMode: bypassPermissions\n---\nWork.\n",
        "It asks nobody for anything.",
        "Leave 'permissionMode' out.",
        4
    )]
    [InlineData(
        "---\nname: a\ndescription: b\n---\n\n",
        "It says nothing to the agent.",
        "Write what it does below the second '---'.",
        4
    )]
    [InlineData(
        "name: a\n",
        "It does not begin with a front matter between two lines of '---'.",
        "Write it anew: fairlead agent export claude-code --print",
        1
    )]
    public void What_its_program_would_ignore_is_an_error_with_its_line(string text, string why, string fix, int line)
    {
        var found = Assert.Single(RoleFileCheck.Check("a.md", text));
        Assert.Equal((why, fix, $"a.md:{line}"), (found.Why, found.Fix, found.Where));
    }

    [Fact]
    public void The_role_is_written_for_each_program_and_for_no_other()
    {
        Assert.All(RoleFiles.Targets, static one => Assert.NotEmpty(RoleFiles.Of(one)));
        Assert.Empty(RoleFiles.Of("emacs"));
    }
}
