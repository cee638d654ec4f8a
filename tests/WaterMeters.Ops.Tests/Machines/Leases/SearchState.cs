using System.Buffers.Binary;

namespace WaterMeters.Ops.Tests.Machines.Leases;

/// <summary>Where a client is in its work.</summary>
internal enum ClientStep : byte
{
    Idle,
    StartRead,
    StartWrite,
    StopRead,
    StopWrite,
    StopCall,
}

/// <summary>Where the keeper is in its pass.</summary>
internal enum KeeperStep : byte
{
    Idle,
    Decide,
    Saving,
}

/// <summary>A reading of the object: its content, and whether it is still the one in S3.</summary>
/// <param name="Document">Number of the content.</param>
/// <param name="IsCurrent">Whether nothing was written since; false, with a content, when something was.</param>
internal readonly record struct Reading(ushort Document, bool IsCurrent);

/// <summary>A client in the search.</summary>
internal struct SearchClient
{
    public ClientStep Step;
    public Reading Local;
    public bool SawOff;
    public bool HasWritten;
    public byte Starts, Stops;

    /// <summary>Until when, in seconds, and in which boot the client was told that the machine is ready; 0: it was not.</summary>
    public short Told;
    public byte ToldBoot;

    /// <summary>A writing that was given up and may still arrive; Document 0: none.</summary>
    public Reading Late;

    /// <summary>When StopInstances was called, plus 1; 0: no call is under way.</summary>
    public byte CallAt;

    /// <summary>When it wrote that it calls StopInstances, plus 1; 0: it has not.</summary>
    public byte AnnouncedAt;
}

/// <summary>One state of the two clients, the machine, S3 and EC2. Times are in steps.</summary>
internal struct SearchState
{
    public byte Time;
    public ushort Stored;
    public bool IsOn, HasChanged, WasOn;
    public byte Boot, BootAt, Crashes;
    public KeeperStep Keeper;
    public Reading KeeperLocal, KeeperLate;
    public ushort Copy;
    public bool HasPassed;
    public byte Saving;
    public short LastDeadline;
    public SearchClient First, Second;

    /// <summary>The state as 40 bytes or so, hashed to 128 bits: two states with one hash would be taken for one.</summary>
    public readonly UInt128 Key()
    {
        Span<byte> bytes = stackalloc byte[96];
        int at = 0;
        bytes[at++] = Time;
        Word(bytes, ref at, Stored);
        bytes[at++] = (byte)((IsOn ? 1 : 0) | (HasChanged ? 2 : 0) | (WasOn ? 4 : 0) | (HasPassed ? 8 : 0) | (Crashes << 4));
        bytes[at++] = Boot;
        bytes[at++] = BootAt;
        bytes[at++] = (byte)((int)Keeper | (Saving << 4));
        Put(bytes, ref at, KeeperLocal);
        Put(bytes, ref at, KeeperLate);
        Word(bytes, ref at, Copy);
        Word(bytes, ref at, (ushort)LastDeadline);
        Put(bytes, ref at, First);
        Put(bytes, ref at, Second);
        Span<byte> hash = stackalloc byte[16];
        System.IO.Hashing.XxHash128.Hash(bytes[..at], hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static void Put(Span<byte> bytes, ref int at, in SearchClient client)
    {
        bytes[at++] = (byte)((int)client.Step | (client.SawOff ? 16 : 0) | (client.HasWritten ? 32 : 0));
        Put(bytes, ref at, client.Local);
        Put(bytes, ref at, client.Late);
        bytes[at++] = (byte)(client.Starts | (client.Stops << 4));
        Word(bytes, ref at, (ushort)client.Told);
        bytes[at++] = client.ToldBoot;
        bytes[at++] = client.CallAt;
        bytes[at++] = client.AnnouncedAt;
    }

    private static void Put(Span<byte> bytes, ref int at, Reading reading)
    {
        Word(bytes, ref at, reading.Document);
        bytes[at++] = reading.IsCurrent ? (byte)1 : (byte)0;
    }

    private static void Word(Span<byte> bytes, ref int at, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], value);
        at += 2;
    }
}
