use super::*;

const PROFILES: [Profile; 3] = [Profile::Aes128CmSha1, Profile::Aes128Gcm, Profile::Aes256Gcm];

fn pair(profile: Profile) -> (Protector, Opener) {
    let (key, salt) = (&[7; 32][..profile.key_bytes()], &[9; 14][..profile.salt_bytes()]);
    (Protector::new(profile, key, salt).unwrap(), Opener::new(profile, key, salt).unwrap())
}

fn rtp(sequence: u16) -> Vec<u8> {
    let mut packet = vec![0x90, 101, 0, 0, 0, 0, 0, 160, 1, 2, 3, 4, 0xBE, 0xDE, 0, 1, 0x10, 0xFF, 0, 0];
    packet[2..4].copy_from_slice(&sequence.to_be_bytes());
    packet.extend_from_slice(&[0x55; 160]);
    packet
}

fn rtcp() -> Vec<u8> {
    vec![0x81, 201, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
}

#[test]
fn what_is_protected_is_opened() {
    for profile in PROFILES {
        let (mut protector, mut opener) = pair(profile);
        for sequence in (65_500..=65_535).chain(0..100) {
            let mut packet = rtp(sequence);
            protector.rtp(&mut packet).unwrap();
            assert_ne!(packet[20..180], rtp(sequence)[20..180]);
            assert_eq!(packet[..20], rtp(sequence)[..20]);
            assert_eq!(opener.rtp(&mut packet), Some(&rtp(sequence)[..]));
            let mut packet = rtcp();
            protector.rtcp(&mut packet).unwrap();
            assert_eq!(opener.rtcp(&mut packet), Some(&rtcp()[..]));
        }
    }
}

#[test]
fn a_repeated_packet_is_not_opened() {
    for profile in PROFILES {
        let (mut protector, mut opener) = pair(profile);
        let (mut first, mut second) = (rtp(1), rtcp());
        protector.rtp(&mut first).unwrap();
        protector.rtcp(&mut second).unwrap();
        assert!(opener.rtp(&mut first.clone()).is_some());
        assert_eq!(opener.rtp(&mut first), None);
        assert!(opener.rtcp(&mut second.clone()).is_some());
        assert_eq!(opener.rtcp(&mut second), None);
    }
}

#[test]
fn no_cut_or_flipped_packet_is_opened() {
    for profile in PROFILES {
        let (mut protector, mut opener) = pair(profile);
        let (mut first, mut second) = (rtp(1), rtcp());
        protector.rtp(&mut first).unwrap();
        protector.rtcp(&mut second).unwrap();
        for end in 0..first.len() {
            assert_eq!(opener.rtp(&mut first[..end].to_vec()), None);
        }
        for end in 0..second.len() {
            assert_eq!(opener.rtcp(&mut second[..end].to_vec()), None);
        }
        for bit in 0..first.len() * 8 {
            let mut packet = first.clone();
            packet[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(opener.rtp(&mut packet), None, "{profile:?} bit {bit}");
        }
        for bit in 0..second.len() * 8 {
            let mut packet = second.clone();
            packet[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(opener.rtcp(&mut packet), None, "{profile:?} bit {bit}");
        }
        assert!(opener.rtp(&mut first).is_some(), "forged packets leave no trace");
        assert!(opener.rtcp(&mut second).is_some());
    }
}

#[test]
fn packets_out_of_order_are_opened() {
    let (mut protector, mut opener) = pair(Profile::Aes128Gcm);
    let mut packets: Vec<Vec<u8>> = (65_530..=65_535).chain(0..6).map(rtp).collect();
    for packet in &mut packets {
        protector.rtp(packet).unwrap();
    }
    packets.swap(4, 7);
    packets.swap(2, 3);
    assert!(packets.iter_mut().all(|packet| opener.rtp(packet).is_some()));
}

#[test]
fn a_further_stream_of_our_own_is_refused() {
    let (mut protector, _) = pair(Profile::Aes128Gcm);
    let sent = (0..40).filter(|ssrc| {
        let mut packet = rtp(1);
        packet[11] = *ssrc;
        protector.rtp(&mut packet).is_some()
    });
    assert_eq!(sent.count(), MAX_STREAMS);
}

#[test]
fn bytes_that_are_no_rtp_are_refused() {
    let (mut protector, mut opener) = pair(Profile::Aes128Gcm);
    for bytes in [vec![], vec![0x80], vec![0x8F; 40], vec![0x90; 14], vec![0; 64]] {
        assert_eq!(protector.rtp(&mut bytes.clone()), None);
        assert_eq!(opener.rtp(&mut bytes.clone()), None);
        assert_eq!(opener.rtcp(&mut bytes.clone()), None);
    }
}
