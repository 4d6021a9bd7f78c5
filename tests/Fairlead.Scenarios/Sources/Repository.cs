using System.Diagnostics;

namespace Fairlead.Scenarios.Sources;

/// <summary>A real repository in a folder of its own, and what somebody who works in it does.</summary>
internal sealed class Repository : IDisposable
{
    private const string Server = """
        import os, http.server
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = (open('page.txt').read().strip() + ' ' + os.environ.get('PLACE', '') + ' ' + os.environ.get('DB', '')).encode()
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *args): pass
        http.server.ThreadingHTTPServer(('127.0.0.1', int(os.environ['PORT'])), Page).serve_forever()
        """;

    private readonly DirectoryInfo root;
    private readonly string name;

    private Repository(DirectoryInfo root, string name) => (this.root, this.name) = (root, name);

    private string Work => Path.Combine(root.FullName, name == "hub" ? "work" : $"{name}-work");

    private string Bare => Path.Combine(root.FullName, $"{name}.git");

    public string Url => new Uri(Bare).ToString();

    /// <summary>Where it is, and a place beside it for what a test needs.</summary>
    public string Folder => root.FullName;

    /// <param name="folder">Where in it the app is.</param>
    public static async Task<Repository> OfAsync(string app, string more = "", string folder = ".")
    {
        var one = new Repository(Directory.CreateTempSubdirectory("fairlead-git-"), "hub");
        await one.BeginAsync();
        one.Write(
            $"{folder}/fairlead.yaml",
            $$"""
            app: {{app}}
            services:
              web:
                kind: web
                path: .
                run: python3 server.py
                health: { http: /, startGrace: 10s }
                keep: 1s
                drain: 1s
                stopGrace: 1s
            {{more}}
            """
        );
        one.Write($"{folder}/server.py", Server);
        await one.CommitAsync("one", folder);
        return one;
    }

    /// <summary>Another repository in the same folder, empty; it goes with this one.</summary>
    public async Task<Repository> BesideAsync(string name)
    {
        var one = new Repository(root, name);
        await one.BeginAsync();
        return one;
    }

    /// <summary>Commits everything, so that servers of files alone can give it.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> SaveAsync()
    {
        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--message", "Saved");
        await PushAsync();
        await GitAsync("--git-dir", Bare, "update-server-info");
        return await HeadAsync();
    }

    public async Task<string> HeadAsync() => (await GitAsync("rev-parse", "HEAD")).Trim();

    /// <summary>Names a commit of another repository as a submodule, as it is written, and commits that.</summary>
    public async Task PinAsync(string path, string url, string commit)
    {
        Write(".gitmodules", $"[submodule \"{path}\"]\n\tpath = {path}\n\turl = \"{url}\"\n");
        await GitAsync("add", "--all");
        await GitAsync("update-index", "--add", "--cacheinfo", $"160000,{commit},{path}");
        await GitAsync("commit", "--quiet", "--message", $"Pins {path}");
        await PushAsync();
        await GitAsync("--git-dir", Bare, "update-server-info");
    }

    private async Task BeginAsync()
    {
        Directory.CreateDirectory(Bare);
        Directory.CreateDirectory(Work);
        await GitIn(root.FullName, "init", "--quiet", "--bare", "--initial-branch=main", Bare);
        await GitAsync("init", "--quiet", "--initial-branch=main");
        await GitAsync("remote", "add", "origin", Bare);
    }

    public void Write(string path, string text)
    {
        var full = Path.GetFullPath(Path.Combine(Work, path));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>Writes the page, commits everything and pushes it.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> CommitAsync(string page, string folder = ".", bool force = false, string to = "HEAD")
    {
        Write($"{folder}/page.txt", page + "\n");
        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--message", $"Page {page}");
        return await PushAsync(force, to);
    }

    public async Task<string> PushAsync(bool force = false, string to = "HEAD")
    {
        await GitAsync([
            "push",
            "--quiet",
            .. force ? new[] { "--force" } : [],
            "origin",
            to == "HEAD" ? to : $"HEAD:{to}",
        ]);
        return (await GitAsync("rev-parse", "HEAD")).Trim();
    }

    public Task<string> GitAsync(params string[] words) => GitIn(Work, words);

    public void Dispose() => root.Delete(recursive: true);

    private static async Task<string> GitIn(string folder, params string[] words)
    {
        var start = new ProcessStartInfo("git", words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (
            var (name, value) in (ReadOnlySpan<(string, string)>)
                [
                    ("GIT_CONFIG_GLOBAL", "/dev/null"),
                    ("GIT_CONFIG_NOSYSTEM", "1"),
                    ("GIT_AUTHOR_NAME", "Ada"),
                    ("GIT_AUTHOR_EMAIL", "ada@example.com"),
                    ("GIT_COMMITTER_NAME", "Ada"),
                    ("GIT_COMMITTER_EMAIL", "ada@example.com"),
                ]
        )
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', words)}: {await errors}");
        return await output;
    }
}
