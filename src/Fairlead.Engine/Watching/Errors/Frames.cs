using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>Whether a frame is the program's own code.</summary>
internal static class InApp
{
    private static readonly string[] Foreign =
    [
        "node:",
        "/node_modules/",
        "node_modules/",
        "internal/",
        "/site-packages/",
        "/dist-packages/",
        "/lib/python",
        "/usr/lib/",
        "/usr/local/lib/",
        "/vendor/",
        "/gems/",
        "/rustc/",
        "/.cargo/registry/",
        "/go/pkg/mod/",
        "/usr/local/go/src/",
        "webpack/runtime/",
        "webpack/bootstrap",
        "chrome-extension://",
        "moz-extension://",
        "safari-web-extension://",
        "<frozen ",
        "<jdk",
    ];

    private static readonly string[] ForeignModules =
    [
        "System.",
        "Microsoft.",
        "java.",
        "javax.",
        "jdk.",
        "sun.",
        "kotlin.",
        "kotlinx.",
        "scala.",
        "org.springframework.",
        "org.apache.",
        "runtime.",
        "core::",
        "std::",
        "alloc::",
    ];

    /// <summary>As the sender says, but for what no program calls its own.</summary>
    public static bool Is(StackFrame frame)
    {
        var file = frame.File ?? "";
        if (Array.Exists(Foreign, file.Contains))
        {
            return false;
        }
        return frame.IsInApp ?? !Array.Exists(ForeignModules, (frame.Module ?? frame.Function ?? "").StartsWith);
    }
}

/// <summary>Frames that async code brings: who awaits depends on chance, not on the error.</summary>
internal static class Glue
{
    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "process.processTicksAndRejections",
        "processTicksAndRejections",
        "runMicrotasks",
        "asyncGeneratorStep",
        "_next",
        "_throw",
        "__awaiter",
        "fulfilled",
        "rejected",
        "step",
        "tryCatch",
        "Generator.next",
        "Generator.throw",
        "Generator.<anonymous>",
        "Promise.then",
        "Promise.all",
        "new Promise",
        "TaskAwaiter.ThrowForNonSuccess",
        "TaskAwaiter.HandleNonSuccessAndDebuggerNotification",
        "ExceptionDispatchInfo.Throw",
    };

    public static bool Is(StackFrame frame) =>
        (
            frame.Function is { } function
            && (Functions.Contains(function) || function.StartsWith("async Promise.", StringComparison.Ordinal))
        )
        || (
            frame.Module is { } module
            && (
                module.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal)
                || module.StartsWith("System.Runtime.ExceptionServices.", StringComparison.Ordinal)
                || module.StartsWith("regenerator-runtime", StringComparison.Ordinal)
            )
        );
}

/// <summary>Files that bundlers make or read.</summary>
internal static class Scripts
{
    private static readonly string[] Endings = [".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte"];

    public static bool Is(string? file)
    {
        if (file is null)
        {
            return false;
        }
        var end = file.IndexOfAny(['?', '#']);
        var path = end < 0 ? file : file[..end];
        return Array.Exists(Endings, ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
