using System.Management.Automation;

namespace WaterMeters.PowerShell.Errors;

/// <summary>What all errors of one identifier have in common; used by scripts, docs/errors.md and the tests.</summary>
/// <param name="Id">The stable identifier with which FullyQualifiedErrorId begins.</param>
/// <param name="Category">The category.</param>
/// <param name="Target">What TargetObject is.</param>
/// <param name="When">When the error happens.</param>
/// <param name="Remedy">What to do next, in general; the message says it for the case.</param>
/// <param name="FileDecides">Whether a reason from the file system changes the category.</param>
internal sealed record ErrorKind(
    string Id, ErrorCategory Category, string Target, string When, string Remedy, bool FileDecides = false);
