using Fairlead.Drivers.Shell;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Shell;

public sealed class ProgramsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_path_of_the_program_itself_decides()
    {
        Executable("tool");

        Assert.Equal(folder.File("tool"), Programs.Find("tool", "/", $"/nowhere:{folder.Path}"));
        Assert.Null(Programs.TryFind("tool", folder.Path, "/nowhere"));
    }

    [Fact]
    public void A_word_with_a_slash_is_in_the_folder()
    {
        Executable("tool");

        Assert.Equal(folder.File("tool"), Programs.Find("./tool", folder.Path, ""));
    }

    [Fact]
    public void A_file_that_may_not_be_executed_is_no_program()
    {
        File.WriteAllText(folder.File("tool"), "");

        Assert.Null(Programs.TryFind("tool", "/", folder.Path));
    }

    [Fact]
    public void What_is_missing_is_named_with_the_way_to_get_it() =>
        Assert.Equal(
            """
            The program 'node' is not here.
              why: It is in none of the folders of PATH: /nowhere
              fix: Install it: apt-get install nodejs
              (process.program-missing)
            """,
            Assert.Throws<ProblemException>(() => Programs.Find("node", "/", "/nowhere")).Problem.ToString()
        );

    private void Executable(string name)
    {
        File.WriteAllText(folder.File(name), "#!/bin/sh\n");
        File.SetUnixFileMode(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
