//! argon2id in memory that is allocated once.

use argon2::password_hash::Error;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

pub struct Hasher {
    memory: Vec<Block>,
}

impl Hasher {
    pub fn new() -> Self {
        Self {
            memory: vec![Block::new(); Params::default().block_count()],
        }
    }

    /// The hash of `password` with a salt of its own, in the PHC string format.
    pub fn hash(&mut self, password: &str) -> Result<String, Error> {
        let argon2 = Argon2::default();
        let salt = Salt::generate();
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: ParamsString::try_from(argon2.params())?,
            salt: Some(salt),
            hash: Some(self.compute(&argon2, password, &salt, Params::DEFAULT_OUTPUT_LEN)?),
        };
        Ok(hash.to_string())
    }

    /// Whether `password` is the one of `hash`. A hash that was made with other parameters is verified with those, unless
    /// it takes more memory than there is, which is an error.
    pub fn verify(&mut self, password: &str, hash: &str) -> Result<bool, Error> {
        let hash = PasswordHash::new(hash)?;
        let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
            return Err(Error::EncodingInvalid);
        };
        let version = hash.version.map(Version::try_from).transpose()?;
        let argon2 = Argon2::new(
            Algorithm::try_from(hash.algorithm.as_str())?,
            version.unwrap_or_default(),
            Params::try_from(&hash)?,
        );
        Ok(self.compute(&argon2, password, salt, expected.len())? == *expected)
    }

    fn compute(
        &mut self,
        argon2: &Argon2<'_>,
        password: &str,
        salt: &Salt,
        length: usize,
    ) -> Result<Output, Error> {
        let mut buffer = [0; Output::MAX_LENGTH];
        let output = buffer.get_mut(..length).ok_or(Error::OutputSize)?;
        argon2.hash_password_into_with_memory(
            password.as_bytes(),
            salt,
            output,
            &mut self.memory[..],
        )?;
        Ok(Output::new(output)?)
    }
}
