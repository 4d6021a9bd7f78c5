using System.Xml;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Queues of Service Bus, in one namespace. What nobody could handle is put aside in the queue's own dead letters.</summary>
internal static class AzureQueues
{
    public const string Name = "message-bus";
    private const string Part = AzureParts.Data;
    private const int AttemptsMax = 2000;
    private static readonly TimeSpan HiddenMin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HiddenMax = TimeSpan.FromMinutes(5);

    /// <summary>Where a queue is: the namespace and its name.</summary>
    public static CodeValue Address(AzureDraft draft, Messages queue) =>
        Join(draft.At(Name, "properties.serviceBusEndpoint"), Called(queue));

    public static string Called(Messages queue) => Short(queue.Name, 260);

    public static void Add(AzureDraft draft, Messages queue)
    {
        var symbol = draft.Symbol(Name);
        if (!draft.Resources.Any(one => one.Symbol == symbol))
        {
            AddShared(draft);
        }
        draft.Add(
            draft.New(
                Part,
                AzureTypes.Queue,
                queue,
                ("name", Called(queue)),
                (
                    "properties",
                    Map(
                        (
                            "lockDuration",
                            Span(
                                queue.Hidden < HiddenMin ? HiddenMin
                                : queue.Hidden > HiddenMax ? HiddenMax
                                : queue.Hidden
                            )
                        ),
                        ("defaultMessageTimeToLive", Span(queue.Kept)),
                        ("maxDeliveryCount", Math.Clamp(queue.Attempts, 1, AttemptsMax)),
                        ("deadLetteringOnMessageExpiration", true)
                    )
                )
            ) with
            {
                Parent = symbol,
            }
        );
        if (queue.Hidden > HiddenMax)
        {
            draft.Note(
                $"Service Bus hides a message of {queue.Name} for 5 minutes at most: programs that take longer renew its lock."
            );
        }
        draft.Tell($"{draft.Symbol(queue)}Address", $"Address of {queue.Name}", Address(draft, queue));
    }

    private static void AddShared(AzureDraft draft)
    {
        var bus = draft.Add(
            Part,
            AzureTypes.Messages,
            Name,
            [
                .. Head(draft.Unique("messages", 50)),
                ("sku", Map(("name", "Standard"), ("tier", "Standard"))),
                ("properties", Map(("disableLocalAuth", true), ("minimumTlsVersion", "1.2"))),
            ]
        );
        if (draft.IsProtected)
        {
            draft.Lock(bus);
        }
        draft.Note(
            "The queues' namespace is reached from outside, by whoever has a role there and nobody else: only Premium, which costs many times as much, can be shut into a network."
        );
    }

    private static string Span(TimeSpan span) => XmlConvert.ToString(span);
}
