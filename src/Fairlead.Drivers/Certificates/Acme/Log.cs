using Fairlead.Model.Ports;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Certificates.Acme;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The {Kind} proof of {Host} was not accepted, the next kind is tried: {Reason}"
    )]
    public static partial void ProofFailed(this ILogger log, ChallengeKind kind, string host, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The answer to the {Kind} challenge of {Host} could not be taken away"
    )]
    public static partial void AnswerStays(this ILogger log, ChallengeKind kind, string host, Exception caught);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Authority} had revoked the certificate before")]
    public static partial void RevokedBefore(this ILogger log, string authority);
}
