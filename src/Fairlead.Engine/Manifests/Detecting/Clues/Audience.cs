using System.Text.RegularExpressions;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Clues;

/// <summary>Who a program works for: people with browsers, other programs, or nobody who waits.</summary>
internal static partial class Audience
{
    /// <summary>Of a program that answers requests: pages, or data.</summary>
    public static (Kind Kind, IReadOnlyList<Evidence> Because) Of(Sight sight, Sources sources)
    {
        foreach (
            var folder in (string[])
                ["templates", "views", "src/views", "Pages", "app/templates", "src/main/resources/templates"]
        )
        {
            if (sight.HasFolder(folder))
            {
                return (Kind.Web, [new(folder, null, "holds pages")]);
            }
        }
        return First(sight, sources, Page(), "answers pages") is { } page ? (Kind.Web, [page]) : (Kind.Api, []);
    }

    /// <summary>Of a program of which nothing else is known: does it listen, does it go on, or does it end?</summary>
    /// <param name="main">Where it begins.</param>
    public static (Kind Kind, IReadOnlyList<Evidence> Because) OfProgram(Sight sight, Sources sources, string main)
    {
        if (First(sight, sources, Server(), "listens") is { } listens)
        {
            var (kind, because) = Of(sight, sources);
            return (kind, [listens, .. because]);
        }
        return First(sight, sources, Loop(), "goes on without end") is { } loop
            ? (Kind.Worker, [loop])
            : (Kind.Job, [new(main, null, "neither listens nor goes on without end, so it is taken for a job")]);
    }

    private static Evidence? First(Sight sight, Sources sources, Regex regex, string says)
    {
        foreach (var (path, line, text) in SourceText.Lines(sight, sources))
        {
            if (regex.IsMatch(text))
            {
                return new(path, line, says);
            }
        }
        return null;
    }

    [GeneratedRegex(
        @"text/html|\brender_template\b|\bres\.render\(|express\.static\(|\bAddRazor|\bMapRazor|\bAddControllersWithViews\b|UseStaticFiles\(|MapStaticAssets\(|template\.Parse|TemplateResponse\(|\berb\s+:|\bhaml\s+:|http\.FileServer\(",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Page();

    [GeneratedRegex(
        @"HTTPServer\(|TCPServer\(|make_server\(|start_server\(|\bserve_forever\(|\.listen\(|\bcreateServer\(|Deno\.serve|Bun\.serve|\bserve\(|ListenAndServe|net\.Listen\(|TcpListener|HttpListener|HttpServer\.create|ServerSocket\(|WebApplication\.Create|ConfigureWebHost|TCPServer\.new|WEBrick|\.run\(host=",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Server();

    [GeneratedRegex(
        @"\bwhile\s*\(?\s*(True|true|1)\b|\bfor\s*(\{|\(;;\))|\bloop\s*(\{|do\b)|run_forever\(|\.start_polling\(|\.run_polling\(|\.start_consuming\(|\bsetInterval\(|\.login\(|new Worker\(|PosixSignalRegistration|Host\.Create|AddHostedService|signal\.Notify|\.consume\(",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Loop();
}
