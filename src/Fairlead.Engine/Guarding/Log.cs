using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Guarding;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The edge has not got its keys yet, {Code}: {Why}")]
    public static partial void KeysNotGiven(ILogger log, string code, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Certificates cannot be looked after now, {Code}: {Why}")]
    public static partial void CertificatesNotSeen(ILogger log, string code, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Host} has a certificate from {Authority} until {Until}")]
    public static partial void CertificateGot(ILogger log, string host, string authority, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Host} got no certificate from {Authority}: {Trouble}")]
    public static partial void CertificateNotGot(ILogger log, string host, string authority, string trouble);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Warning} Once that is mended: fairlead certificate renew {Host}"
    )]
    public static partial void CertificateEnds(ILogger log, string warning, string host);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Authority} did not say when {Host} is best renewed: {Why}"
    )]
    public static partial void NoAdvice(ILogger log, string host, string authority, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Release} has a weakness that is new: {Rule} in {Component}. {Fix}"
    )]
    public static partial void NewWeakness(ILogger log, string release, string rule, string component, string fix);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal's head could not be signed, {Code}: {Why}")]
    public static partial void NotSigned(ILogger log, string code, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Secrets are not all kept as they should be ({Code}): {What} {Why}"
    )]
    public static partial void SecretsNotKept(ILogger log, string code, string what, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Detection cannot look at {Detector} ({Code}): {Why}")]
    public static partial void NotLooked(ILogger log, string detector, string code, string why);
}
