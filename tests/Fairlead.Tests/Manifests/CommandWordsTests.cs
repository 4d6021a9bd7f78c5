using Fairlead.Engine.Manifests;

namespace Fairlead.Tests.Manifests;

public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("node server.js", "[node] [server.js]")]
    [InlineData("  a \t b\n c ", "[a] [b] [c]")]
    [InlineData("a 'b c' \"d e\"", "[a] [b c] [d e]")]
    [InlineData("a b'c d'\"e f\"g", "[a] [bc de fg]")]
    [InlineData("a '' \"\"", "[a] [] []")]
    [InlineData("""a "say \"hi\" \\ \n" """, """[a] [say "hi" \ \n]""")]
    [InlineData("""a b\ c \\ \' \$HOME""", """[a] [b c] [\] ['] [$HOME]""")]
    [InlineData("""a '\' b""", """[a] [\] [b]""")]
    [InlineData("sh -c 'echo $PORT | cat && ls *'", "[sh] [-c] [echo $PORT | cat && ls *]")]
    [InlineData("./run --port {port} --url=http://x/?a=b#c", "[./run] [--port] [{port}] [--url=http://x/?a=b#c]")]
    [InlineData("git show HEAD~1", "[git] [show] [HEAD~1]")]
    [InlineData("a\\", "[a\\]")]
    public void Words_are_parted_by_spaces_and_kept_by_quotes(string command, string words) =>
        Assert.Equal(words, string.Join(' ', CommandWords.Split(command).Words!.Select(word => $"[{word}]")));

    [Theory]
    [InlineData("echo $HOME", "It contains $, which only a shell understands, and no shell reads it.")]
    [InlineData("a | b", "It contains |, which only a shell understands, and no shell reads it.")]
    [InlineData("a > b", "It contains >, which only a shell understands, and no shell reads it.")]
    [InlineData("a < b", "It contains <, which only a shell understands, and no shell reads it.")]
    [InlineData("a && b", "It contains &, which only a shell understands, and no shell reads it.")]
    [InlineData("a; b", "It contains ;, which only a shell understands, and no shell reads it.")]
    [InlineData("`a`", "It contains `, which only a shell understands, and no shell reads it.")]
    [InlineData("cp *.js out", "It contains *, which only a shell understands, and no shell reads it.")]
    [InlineData("~/bin/a", "It contains ~, which only a shell understands, and no shell reads it.")]
    [InlineData("A=1 b", "It begins with A=..., which only a shell understands; variables are said under 'env'.")]
    public void What_only_a_shell_understands_is_refused(string command, string why) =>
        Assert.Equal(new CommandFault(why, IsShell: true), CommandWords.Split(command).Fault);

    [Theory]
    [InlineData("", "It is empty.")]
    [InlineData(" \n", "It is empty.")]
    [InlineData("a 'b", "The quote ' is never closed.")]
    [InlineData("a \"b\\\"", "The quote \" is never closed.")]
    public void What_is_no_command_is_refused(string command, string why) =>
        Assert.Equal(new CommandFault(why, IsShell: false), CommandWords.Split(command).Fault);
}
