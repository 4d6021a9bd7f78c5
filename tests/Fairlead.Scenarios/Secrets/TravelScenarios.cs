using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Secrets;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>Secrets go out to age itself and come in from it; nothing on the way says a value. One line of the journal is proven alone.</summary>
public sealed class TravelScenarios : IDisposable
{
    private const string Value = "postgres://shop:C4nary-of-travel@db/shop";

    private readonly DirectoryInfo outside = Directory.CreateTempSubdirectory("fairlead-travel-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => outside.Delete(recursive: true);

    [Fact]
    public async Task An_export_is_opened_by_age_and_a_file_that_age_made_is_imported()
    {
        SkipWithoutAge();
        await using var platform = await Platform.StartAsync();
        await SetAsync(platform, "DATABASE_URL", Value);
        var key = File("key.txt");
        var recipient = (await AgeAsync("age-keygen", "-o", key)).Split("Public key: ")[1].Trim();

        var exported = await platform.RunAsync("secret", "export", "shop", "--env", "production", "--to", recipient);
        Assert.True(exported.Code == 0, exported.ToString());
        var file = Directory.GetFiles(Path.Combine(platform.State, "exports")).Single();
        Assert.Equal($$"""{"DATABASE_URL":"{{Value}}"}""", await AgeAsync("age", "-d", "-i", key, file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));

        var plain = File("plain.env");
        await System.IO.File.WriteAllTextAsync(
            plain,
            $"DATABASE_URL={Value}-next\nexport SESSION_KEY=\"two\\nlines of it\"\n",
            Stop
        );
        await AgeAsync("age", "-r", recipient, "-o", File("shop.age"), plain);
        string[] import = ["secret", "import", File("shop.age"), "--app", "shop", "--env", "production", "--file", key];

        var planned = await platform.RunAsync(import);
        var before = await platform.AskAsync("secret", "list", "shop");
        var done = await platform.AskAsync([.. import, "--apply"]);
        var again = await platform.AskAsync(import);

        Assert.Single(before["secrets"]!.AsArray());
        Assert.Equal(["DATABASE_URL changed", "SESSION_KEY new"], Rows(done));
        Assert.Equal(["DATABASE_URL same", "SESSION_KEY same"], Rows(again));
        var journal = await platform.RunAsync("audit", "export");
        foreach (
            var answer in new[]
            {
                exported.ToString(),
                planned.ToString(),
                done.ToJsonString(),
                again.ToJsonString(),
                journal.ToString(),
            }
        )
        {
            Assert.DoesNotContain("C4nary", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("lines of it", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_export_under_a_passphrase_is_opened_by_age()
    {
        SkipWithoutAge();
        await using var platform = await Platform.StartAsync();
        await SetAsync(platform, "DATABASE_URL", Value);
        await System.IO.File.WriteAllTextAsync(File("phrase"), "correct horse battery\n", Stop);
        var exported = await platform.AskAsync(
            "secret",
            "export",
            "shop",
            "--env",
            "production",
            "--file",
            File("phrase")
        );

        // age asks for passphrases at a terminal alone.
        var opened = await AgeAsync(
            "python3",
            "-c",
            """
            import os, pty, sys
            pid, terminal = pty.fork()
            if pid == 0:
                os.execvp("age", ["age", "-d", "-o", sys.argv[2], sys.argv[1]])
            said = b""
            while b"assphrase" not in said:
                said += os.read(terminal, 4096)
            os.write(terminal, b"correct horse battery\n")
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """,
            exported["file"]!.GetValue<string>(),
            File("opened")
        );

        Assert.Equal("", opened);
        Assert.Equal($$"""{"DATABASE_URL":"{{Value}}"}""", await System.IO.File.ReadAllTextAsync(File("opened"), Stop));
    }

    [Fact]
    public async Task A_line_of_the_journal_is_proven_by_its_file_and_key_alone()
    {
        await using var platform = await Platform.StartAsync();
        await SetAsync(platform, "DATABASE_URL", Value);
        var proven = await platform.AskAsync("audit", "prove", "1");
        var trimmed = await platform.AskAsync("audit", "trim", "--keep", "400d", "--yes");
        var key = proven["proof"]!["head"]!["key"]!.GetValue<string>();
        var proof = File("line.json");
        System.IO.File.Copy(proven["file"]!.GetValue<string>(), proof);
        Assert.StartsWith(
            "Nothing was removed: no line is older than",
            trimmed["note"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await platform.RunAsync("down")).Code);

        var whole = await platform.RunAsync("audit", "check", proof, "--key", key);
        Assert.True(whole.Code == 0, whole.ToString());
        Assert.Contains("Line 1 stands in the journal", whole.Output, StringComparison.Ordinal);

        await System.IO.File.WriteAllTextAsync(
            proof,
            (await System.IO.File.ReadAllTextAsync(proof, Stop)).Replace(
                "\"sequence\":1",
                "\"sequence\":2",
                StringComparison.Ordinal
            ),
            Stop
        );
        Assert.Contains(
            "does not prove line 2",
            (await platform.RunAsync("audit", "check", proof)).ToString(),
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<string> Rows(JsonNode answer) =>
        answer["secrets"]!.AsArray().Select(row => $"{row!["secret"]} {row["change"]}");

    private string File(string name) => Path.Combine(outside.FullName, name);

    private async Task SetAsync(Platform platform, string name, string value)
    {
        await System.IO.File.WriteAllTextAsync(File(name), value, Stop);
        var answer = await platform.RunAsync(
            "secret",
            "set",
            name,
            "--app",
            "shop",
            "--env",
            "production",
            "--file",
            File(name)
        );
        Assert.True(answer.Code == 0, answer.ToString());
    }

    private static void SkipWithoutAge() =>
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Any(folder => System.IO.File.Exists(Path.Combine(folder, "age"))),
            "age is not installed (Debian package age)"
        );

    private static async Task<string> AgeAsync(string program, params string[] words)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, words)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var (output, messages) = (
            process.StandardOutput.ReadToEndAsync(Stop),
            process.StandardError.ReadToEndAsync(Stop)
        );
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, await messages);
        return await output + await messages;
    }
}
