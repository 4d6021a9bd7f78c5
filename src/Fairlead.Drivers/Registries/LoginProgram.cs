using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
#pragma warning disable RS0030 // A helper is asked by its standard input and answers with a secret, which must be in no file.

namespace Fairlead.Drivers.Registries;

/// <summary>
/// Asks Docker's credential helpers: <c>docker-credential-NAME get</c>, with the server on its standard input. It answers
/// <c>{"ServerURL":"ghcr.io","Username":"ann","Secret":"…"}</c>; the user <c>&lt;token&gt;</c> means that the secret gets tokens.
/// </summary>
/// <param name="path">PATH, where helpers are looked for.</param>
public sealed class LoginProgram(string path, World world)
{
    private const int AnswerCharsMax = 64 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <returns>Null when it knows none.</returns>
    /// <exception cref="ProblemException">It is not there, takes too long or answers something else.</exception>
    public async Task<RegistryLogin?> FindAsync(string name, string server, CancellationToken stop)
    {
        var file = $"docker-credential-{name}";
        if (
            !name.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.')
            || Programs.TryFind(file, "/", path) is not { } program
        )
        {
            throw new ProblemException(
                Trouble(
                    file,
                    "It is in none of the folders of PATH.",
                    $"Install {file}, or log in without it: docker login"
                )
            );
        }
        using var limit = new CancellationTokenSource(Limit, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var (code, answer) = await RunAsync(program, server, both.Token);
            return code == 0 ? Read(answer, file)
                // The words of all helpers that keep to the protocol.
                : answer.Contains("credentials not found", StringComparison.OrdinalIgnoreCase) ? null
                : throw new ProblemException(
                    Trouble(file, $"It ended with {code}.", $"See what it says: echo {server} | {file} get")
                );
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(
                Trouble(
                    file,
                    $"It did not end within {Limit.TotalSeconds} s.",
                    $"It may wait for a person: echo {server} | {file} get"
                ),
                caught
            );
        }
        catch (Exception caught) when (caught is Win32Exception or IOException)
        {
            throw new ProblemException(
                Trouble(file, caught.Message, $"See what it says: echo {server} | {file} get"),
                caught
            );
        }
    }

    internal static RegistryLogin? Read(string answer, string file)
    {
        try
        {
            using var json = JsonDocument.Parse(answer, new() { MaxDepth = 8 });
            var (user, secret) = (
                json.RootElement.GetProperty("Username").GetString(),
                json.RootElement.GetProperty("Secret").GetString()
            );
            return secret is not { Length: > 0 }
                ? null
                : new(user ?? "", secret, file) { IsIdentityToken = user == "<token>" };
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Its answer is not shown: it could hold what must not be.
            throw new ProblemException(
                Trouble(file, "It answers something else than helpers do.", $"See what it says: {file} list"),
                caught
            );
        }
    }

    private async Task<(int Code, string Answer)> RunAsync(string program, string server, CancellationToken stop)
    {
        var order = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        order.ArgumentList.Add("get");
        order.Environment["PATH"] = path;
        using var process = Process.Start(order)!;
        try
        {
            await process.StandardInput.WriteAsync(server.AsMemory(), stop);
            process.StandardInput.Close();
            var errors = DrainAsync(process.StandardError, stop);
            var answer = await DrainAsync(process.StandardOutput, stop);
            await errors;
            await process.WaitForExitAsync(stop);
            return (process.ExitCode, answer);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task<string> DrainAsync(StreamReader from, CancellationToken stop)
    {
        var (text, buffer) = (new System.Text.StringBuilder(), new char[4096]);
        for (int count; (count = await from.ReadAsync(buffer, stop)) > 0; )
        {
            text.Append(buffer, 0, Math.Min(count, AnswerCharsMax - text.Length));
        }
        return text.ToString();
    }

    private static Problem Trouble(string file, string why, string fix) =>
        new("registry.helper", What: $"{file} gave no login.", Why: why, Fix: fix)
        {
            Trouble = Model.Problems.Trouble.NeedsPerson,
        };
}
