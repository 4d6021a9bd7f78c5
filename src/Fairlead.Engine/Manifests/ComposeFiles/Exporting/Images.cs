using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.ComposeFiles.Exporting;

/// <summary>Images in which a service is built and runs elsewhere than on this machine.</summary>
/// <param name="Build">With the tools of the build.</param>
/// <param name="Run">With what the program needs.</param>
internal sealed record Images(string Build, string Run)
{
    public const string Pages = "nginxinc/nginx-unprivileged:1-alpine";

    private const string Plain = "debian:bookworm-slim";

    private static readonly (string Program, Images Images)[] Known =
    [
        ("dotnet", new("mcr.microsoft.com/dotnet/sdk:10.0", "mcr.microsoft.com/dotnet/aspnet:10.0")),
        ("node", new("node:22-slim", "node:22-slim")),
        ("npm", new("node:22-slim", "node:22-slim")),
        ("pnpm", new("node:22-slim", "node:22-slim")),
        ("yarn", new("node:22-slim", "node:22-slim")),
        ("bun", new("oven/bun:1-slim", "oven/bun:1-slim")),
        ("deno", new("denoland/deno:debian", "denoland/deno:debian")),
        ("python3", new("python:3.13-slim", "python:3.13-slim")),
        ("uv", new("ghcr.io/astral-sh/uv:python3.13-bookworm-slim", "python:3.13-slim")),
        ("go", new("golang:1", Plain)),
        ("cargo", new("rust:1-slim", Plain)),
        ("ruby", new("ruby:3.4", "ruby:3.4-slim")),
        ("bundle", new("ruby:3.4", "ruby:3.4-slim")),
        ("php", new("php:8.4-cli", "php:8.4-cli")),
        ("java", new("eclipse-temurin:21", "eclipse-temurin:21-jre")),
        ("mvn", new("maven:3-eclipse-temurin-21", "eclipse-temurin:21-jre")),
        ("mix", new("elixir:1.18", "elixir:1.18-slim")),
    ];

    /// <summary>Null when nothing tells which it needs.</summary>
    public static Images? Of(Service service)
    {
        string[] programs =
        [
            .. service.Recipe.Needs,
            .. service.Recipe.Build.Select(static words => words[0]),
            .. service.Recipe.Run.Take(1),
        ];
        var found = Array.Find(Known, one => programs.Contains(one.Program)).Images;
        var chosen = service.Container is { Base: not ContainerSettings.HostBase and var named } ? named : null;
        return found is null
            ? chosen is null
                ? null
                : new(chosen, chosen)
            : found with
            {
                Run = chosen ?? (service.IsStatic ? Pages : found.Run),
            };
    }

    public static Images Usual { get; } = new(Plain, Plain);
}
