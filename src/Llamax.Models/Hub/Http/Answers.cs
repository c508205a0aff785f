using System.Net;

namespace Llamax.Models.Hub.Http;

/// <summary>What an answer that brings no content means.</summary>
internal static class Answers
{
    private const int LongestMessage = 200;

    /// <summary>Throws what fits an answer that is no success.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="what">What was asked for.</param>
    /// <param name="start">The address that was asked first; the answer may be of another host.</param>
    /// <param name="settings">Of the hub.</param>
    /// <param name="clock">For waits until a date.</param>
    /// <exception cref="TransientException">Another try may succeed.</exception>
    /// <exception cref="LlamaxException">The user can mend it.</exception>
    public static void Check(HttpResponseMessage response, string what, Uri start, HubSettings settings, TimeProvider clock)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var status = (int)response.StatusCode;
        var said = Said(response);
        if (status is 408 or 425 or 429 or >= 500)
        {
            throw new TransientException($"the server answered {status}{(status == 429 ? " (too many requests)" : "")}{said}", RetryAfter(response, clock));
        }

        var (hub, end) = (new Uri(settings.Endpoint), response.RequestMessage?.RequestUri ?? start);
        if (!HubConnection.SameOrigin(hub, end))
        {
            // The hub signs such addresses for a while only and gives another one when it is asked again.
            throw HubConnection.SameOrigin(hub, start)
                ? new TransientException($"{end.Host}, where the hub keeps it, answered {status}{said}")
                : new LlamaxException($"{what}: {end.Host} answered {status}{said}. What lay at {start} is not there any more, or something on the way forbids it.");
        }

        var token = settings.Token is null ? "Set HF_TOKEN to a token of an account that may read it" : "The token that was sent does not suffice: check HF_TOKEN";
        throw new LlamaxException((response.StatusCode, HubResponse.Header(response, "X-Error-Code")) switch
        {
            (_, "GatedRepo") => $"{what}: its owners want to know who reads it. Accept their terms on its page at {settings.Endpoint}, then set HF_TOKEN to your account's token{said}.",
            (_, "RevisionNotFound") => $"{what}: there is no such revision. Name a branch, a tag or a commit behind the @.",
            (_, "EntryNotFound") => $"{what}: there is no such file.",
            (HttpStatusCode.Unauthorized, _) or (_, "RepoNotFound") => $"{what}: there is no such repository at {settings.Endpoint}, or it is private. Check the name. {token}.",
            (HttpStatusCode.Forbidden, _) => $"{what}: access is forbidden{said}. {token}, and accept the owners' terms on its page where there are any.",
            (HttpStatusCode.NotFound or HttpStatusCode.Gone, _) => $"{what}: there is nothing at that address (answer {status}). Check the name.",
            _ => $"{what}: the server answered {status}{said}.",
        });
    }

    private static string Said(HttpResponseMessage response)
    {
        var text = HubResponse.Header(response, "X-Error-Message");
        return string.IsNullOrWhiteSpace(text) ? "" : $" («{new string([.. text.Take(LongestMessage).Where(character => !char.IsControl(character))])}»)";
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - clock.GetUtcNow();
        return wait is { } time ? (time > TimeSpan.Zero ? time : TimeSpan.Zero) : null;
    }
}
